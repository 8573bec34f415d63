/**
 * The contracts of interval notifiers, derived from the documents' rules on collisions, balance, lifetime and
 * blocking, and from the API that Linux has from 5.5 on.
 */
import type { Contract } from '../contract'
import { noReaderMissesACollision } from './int-01-no-reader-misses-a-collision'
import { readersWaitForTheEnd } from './int-02-readers-wait-for-the-end'
import { aRefusedPassIsOverForAll } from './int-03-a-refused-pass-is-over-for-all'
import { removalIsAFence } from './int-04-removal-is-a-fence'
import { onlyWhatMustNotBlockIsRefused } from './int-05-only-what-must-not-block-is-refused'
import { oneLockForBothSides } from './int-06-one-lock-for-both-sides'
import { whoIsMetIsTold } from './int-07-who-is-met-is-told'
import { insertedInsideAPass } from './int-08-inserted-inside-a-pass'
import { nothingIsReadInsideAPass } from './int-09-nothing-is-read-inside-a-pass'
import { refusedOnceForAll } from './int-10-refused-once-for-all'
import { agreeingSetsTheSequence } from './int-11-agreeing-sets-the-sequence'
import { publishedUnderTheLockOfTheTest } from './int-12-published-under-the-lock-of-the-test'

export const intervalContracts: readonly Contract[] = [
  noReaderMissesACollision,
  readersWaitForTheEnd,
  aRefusedPassIsOverForAll,
  removalIsAFence,
  onlyWhatMustNotBlockIsRefused,
  oneLockForBothSides,
  whoIsMetIsTold,
  insertedInsideAPass,
  nothingIsReadInsideAPass,
  refusedOnceForAll,
  agreeingSetsTheSequence,
  publishedUnderTheLockOfTheTest,
]
