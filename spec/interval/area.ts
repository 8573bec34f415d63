/**
 * The contracts of interval notifiers, derived from the documents' rules on collisions, balance, lifetime and
 * blocking, and from the API that Linux has from 5.5 on.
 *
 * They are judged where an operation or a log of such a kernel shows their events, not in campaigns over kernels
 * with mirrors, so they stand apart from the registry.
 */
import type { Contract } from '../contract'
import { noReaderMissesACollision } from './int-01-no-reader-misses-a-collision'
import { readersWaitForTheEnd } from './int-02-readers-wait-for-the-end'
import { aRefusedPassIsOverForAll } from './int-03-a-refused-pass-is-over-for-all'
import { removalIsAFence } from './int-04-removal-is-a-fence'
import { onlyWhatMustNotBlockIsRefused } from './int-05-only-what-must-not-block-is-refused'
import { oneLockForBothSides } from './int-06-one-lock-for-both-sides'

export const intervalContracts: readonly Contract[] = [
  noReaderMissesACollision,
  readersWaitForTheEnd,
  aRefusedPassIsOverForAll,
  removalIsAFence,
  onlyWhatMustNotBlockIsRefused,
  oneLockForBothSides,
]
