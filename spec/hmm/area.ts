/** HMM: what ranges promise, what drivers owe them, and how mirrors are told. */
import type { Contract, Unjudged } from '../contract'
import { noOpenCollisionIsValid } from './hmm-01-no-open-collision-is-valid'
import { publishedIsWhatTheCpuHas } from './hmm-02-published-is-what-the-cpu-has'
import { onlyOpenPassesAreCounted } from './hmm-03-only-open-passes-are-counted'
import { markedBeforeDriversAreCalled } from './hmm-04-marked-before-drivers-are-called'
import { lazyAboutQuiescence } from './hmm-05-lazy-about-quiescence'
import { noIntersectingRangeIsMissed } from './hmm-06-no-intersecting-range-is-missed'
import { countedWhileDriversAreCalled } from './hmm-07-counted-while-drivers-are-called'
import { registeredUnderAPass } from './hmm-08-registered-under-a-pass'
import { wokenWhenQuiescent } from './hmm-09-woken-when-quiescent'
import { waitTellsWhatItSaw } from './hmm-10-wait-tells-what-it-saw'
import { waitsOnlyForItsRange } from './hmm-11-waits-only-for-its-range'
import { sameLockOnBothSides } from './hmm-12-same-lock-on-both-sides'
import { publishInTheSectionOfTheTest } from './hmm-13-publish-in-the-section-of-the-test'
import { retryRestartsWithoutLocks } from './hmm-14-retry-restarts-without-locks'
import { noWalkOnABusyRange } from './hmm-15-no-walk-on-a-busy-range'
import { onlyRegisteredRanges } from './hmm-16-only-registered-ranges'
import { theDetectorDoesNotMove } from './hmm-17-the-detector-does-not-move'
import { areasAreLookedUpInTheWalk } from './hmm-18-areas-are-looked-up-in-the-walk'
import { devicesSeeWhatTheCpuSees } from './hmm-20-devices-see-what-the-cpu-sees'
import { pfnOnly } from './hmm-21-pfn-only'
import { completePairIsNoticed } from './hmm-23-complete-pair-is-noticed'
import { undisturbedFaultsSucceed } from './hmm-24-undisturbed-faults-succeed'
import { releaseOnceUnderMirrorsSem } from './hmm-25-release-once-under-mirrors-sem'
import { noRegistrationFromRelease } from './hmm-26-no-registration-from-release'
import { everyMirrorIsTold } from './hmm-27-every-mirror-is-told'
import { mirrorsAreToldWhatThePassIs } from './hmm-28-mirrors-are-told-what-the-pass-is'
import { mirrorsAreRegisteredWithCare } from './hmm-29-mirrors-are-registered-with-care'
import { rangesOfRegisteredMirrors } from './hmm-30-ranges-of-registered-mirrors'
import { aRefusedRangeLeavesNothing } from './hmm-31-a-refused-range-leaves-nothing'
import { unregisteredOnce } from './hmm-32-unregistered-once'
import { waitsSayThatTheyMaySleep } from './hmm-33-waits-say-that-they-may-sleep'
import { noWaiterIsStranded } from './hmm-34-no-waiter-is-stranded'
import { aDyingHmmDoesNothing } from './hmm-35-a-dying-hmm-does-nothing'
import { oneHmmForAnMm } from './hmm-36-one-hmm-for-an-mm'
import { noWaitUnderMmapSem } from './hmm-37-no-wait-under-mmap-sem'
import { walksUnderMmapSem } from './hmm-38-walks-under-mmap-sem'
import { aFaultMayFinishFirst } from './hmm-39-a-fault-may-finish-first'
import { waitsBeforeItFaultsAgain } from './hmm-40-waits-before-it-faults-again'
import { aMirrorAddedInsideAPass } from './hmm-41-a-mirror-added-inside-a-pass'
import { noMoreThanTheCpuMay } from './hmm-42-no-more-than-the-cpu-may'
import { unregisteredWithoutMmapSem } from './hmm-43-unregistered-without-mmap-sem'
import { theLastUserGoesWithoutLocks } from './hmm-44-the-last-user-goes-without-locks'

export const hmmContracts: readonly Contract[] = [
  noOpenCollisionIsValid,
  publishedIsWhatTheCpuHas,
  onlyOpenPassesAreCounted,
  markedBeforeDriversAreCalled,
  lazyAboutQuiescence,
  noIntersectingRangeIsMissed,
  countedWhileDriversAreCalled,
  registeredUnderAPass,
  wokenWhenQuiescent,
  waitTellsWhatItSaw,
  waitsOnlyForItsRange,
  sameLockOnBothSides,
  publishInTheSectionOfTheTest,
  retryRestartsWithoutLocks,
  noWalkOnABusyRange,
  onlyRegisteredRanges,
  theDetectorDoesNotMove,
  areasAreLookedUpInTheWalk,
  devicesSeeWhatTheCpuSees,
  pfnOnly,
  completePairIsNoticed,
  undisturbedFaultsSucceed,
  releaseOnceUnderMirrorsSem,
  noRegistrationFromRelease,
  everyMirrorIsTold,
  mirrorsAreToldWhatThePassIs,
  mirrorsAreRegisteredWithCare,
  rangesOfRegisteredMirrors,
  aRefusedRangeLeavesNothing,
  unregisteredOnce,
  waitsSayThatTheyMaySleep,
  noWaiterIsStranded,
  aDyingHmmDoesNothing,
  oneHmmForAnMm,
  noWaitUnderMmapSem,
  walksUnderMmapSem,
  aFaultMayFinishFirst,
  waitsBeforeItFaultsAgain,
  aMirrorAddedInsideAPass,
  noMoreThanTheCpuMay,
  unregisteredWithoutMmapSem,
  theLastUserGoesWithoutLocks,
]

export const hmmUnjudged: readonly Unjudged[] = [
  {
    id: 'HMM-19',
    says: 'nothing that was learned under mmap_sem before the critical section is relied on inside it',
    cites: ['000:6406-6413'],
    sameAs: 'HMM-18',
  },
  {
    id: 'HMM-22',
    says: 'what a fault or snapshot tells is not used before the check under the lock',
    cites: ['003:1'],
    sameAs: 'HMM-13',
  },
]
