/** The contracts of the mmu notifier core. */
import type { Contract } from '../contract'
import { bracketedChanges } from './mmn-01-bracketed-changes'
import { successMeansStopped } from './mmn-02-success-means-stopped'
import { balancedStartEnd } from './mmn-03-balanced-start-end'
import { noEndAfterFailure } from './mmn-04-no-end-after-failure'
import { partialFailureIsUnwound } from './mmn-05-partial-failure-is-unwound'
import { theRefuserGetsNoEnd } from './mmn-06-the-refuser-gets-no-end'
import { noRegistrationInsideAPass } from './mmn-09-no-registration-inside-a-pass'
import { unregisterIsNoFence } from './mmn-11-unregister-is-no-fence'
import { releaseOnce } from './mmn-14-release-once'
import { blockableStartCannotFail } from './mmn-20-blockable-start-cannot-fail'
import { callbacksFindTheirState } from './mmn-21-callbacks-find-their-state'

export const mmuNotifierContracts: readonly Contract[] = [
  bracketedChanges,
  successMeansStopped,
  balancedStartEnd,
  noEndAfterFailure,
  partialFailureIsUnwound,
  theRefuserGetsNoEnd,
  noRegistrationInsideAPass,
  unregisterIsNoFence,
  releaseOnce,
  blockableStartCannotFail,
  callbacksFindTheirState,
]
