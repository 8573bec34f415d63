/** The contracts of lifetimes: references, grace periods, poison. */
import type { Contract, Unjudged } from '../contract'
import { lifetimeChain } from './lif-01-lifetime-chain'
import { aliveIsMoreThanAllocated } from './lif-02-alive-is-more-than-allocated'
import { outlivesReaders } from './lif-03-outlives-readers'
import { theNotifiersSrcu } from './lif-04-the-notifiers-srcu'
import { unlessZeroInCallbacks } from './lif-05-unless-zero-in-callbacks'
import { hmmHoldsTheMmStruct } from './lif-06-hmm-holds-the-mm-struct'
import { creationIsUnwound } from './lif-07-creation-is-unwound'
import { clearsOnlyItsOwn } from './lif-08-clears-only-its-own'
import { aDyingHmmIsReplaced } from './lif-09-a-dying-hmm-is-replaced'
import { readAndReferencedInOne } from './lif-10-read-and-referenced-in-one'
import { srcuCallbacksDoNotSleep } from './lif-11-srcu-callbacks-do-not-sleep'
import { everyReferenceHasAnOwner } from './lif-12-every-reference-has-an-owner'
import { rangeHoldsReferences } from './lif-13-range-holds-references'
import { noResurrection } from './lif-14-no-resurrection'
import { noReleaseWithARange } from './lif-15-no-release-with-a-range'
import { rangeIsPoisoned } from './lif-16-range-is-poisoned'
import { boundsSurvive } from './lif-17-bounds-survive'
import { unregisteredOnce } from './lif-18-unregistered-once'
import { poisonFollowsTheLock } from './lif-19-poison-follows-the-lock'
import { mirrorIsFreeAfterUnregister } from './lif-20-mirror-is-free-after-unregister'
import { onlyUnregisterUnlinks } from './lif-21-only-unregister-unlinks'
import { noMmdropBelowHmm } from './lif-22-no-mmdrop-below-hmm'
import { unregisterMayEndTheMm } from './lif-23-unregister-may-end-the-mm'
import { nothingIsLeftBehind } from './lif-24-nothing-is-left-behind'
import { unlockedReadsAreMarked } from './lif-25-unlocked-reads-are-marked'
import { callbackReferencesEnd } from './lif-27-callback-references-end'
import { thePointerStays } from './lif-28-the-pointer-stays'
import { oneStateForAnMm } from './lif-29-one-state-for-an-mm'

export const lifetimesContracts: readonly Contract[] = [
  lifetimeChain,
  aliveIsMoreThanAllocated,
  outlivesReaders,
  theNotifiersSrcu,
  unlessZeroInCallbacks,
  hmmHoldsTheMmStruct,
  creationIsUnwound,
  clearsOnlyItsOwn,
  aDyingHmmIsReplaced,
  readAndReferencedInOne,
  srcuCallbacksDoNotSleep,
  everyReferenceHasAnOwner,
  rangeHoldsReferences,
  noResurrection,
  noReleaseWithARange,
  rangeIsPoisoned,
  boundsSurvive,
  unregisteredOnce,
  poisonFollowsTheLock,
  mirrorIsFreeAfterUnregister,
  onlyUnregisterUnlinks,
  noMmdropBelowHmm,
  unregisterMayEndTheMm,
  nothingIsLeftBehind,
  unlockedReadsAreMarked,
  callbackReferencesEnd,
  thePointerStays,
  oneStateForAnMm,
]

export const lifetimesUnjudged: readonly Unjudged[] = [
  {
    id: 'LIF-26',
    says: 'whether an address space is alive is decided by its count of users, never by a flag that is read without a lock',
    cites: ['000:34-35'],
    sameAs: 'LIF-02',
  },
]
