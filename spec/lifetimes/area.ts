/** The contracts of lifetimes: references, grace periods, poison. */
import type { Contract } from '../contract'
import { lifetimeChain } from './lif-01-lifetime-chain'
import { outlivesReaders } from './lif-03-outlives-readers'
import { unlessZeroInCallbacks } from './lif-05-unless-zero-in-callbacks'
import { rangeHoldsReferences } from './lif-13-range-holds-references'
import { noResurrection } from './lif-14-no-resurrection'
import { noReleaseWithARange } from './lif-15-no-release-with-a-range'
import { rangeIsPoisoned } from './lif-16-range-is-poisoned'
import { mirrorIsFreeAfterUnregister } from './lif-20-mirror-is-free-after-unregister'

export const lifetimesContracts: readonly Contract[] = [
  lifetimeChain,
  outlivesReaders,
  unlessZeroInCallbacks,
  rangeHoldsReferences,
  noResurrection,
  noReleaseWithARange,
  rangeIsPoisoned,
  mirrorIsFreeAfterUnregister,
]
