/** The contracts of the mmu notifier core. */
import type { Contract } from '../contract'
import { bracketedChanges } from './mmn-01-bracketed-changes'
import { successMeansStopped } from './mmn-02-success-means-stopped'
import { balancedStartEnd } from './mmn-03-balanced-start-end'
import { noEndAfterFailure } from './mmn-04-no-end-after-failure'
import { partialFailureIsUnwound } from './mmn-05-partial-failure-is-unwound'
import { theRefuserGetsNoEnd } from './mmn-06-the-refuser-gets-no-end'
import { oneOrderForAllWalks } from './mmn-07-one-order-for-all-walks'
import { undoMeetsARemoval } from './mmn-08-undo-meets-a-removal'
import { noRegistrationInsideAPass } from './mmn-09-no-registration-inside-a-pass'
import { removalUnderReaders } from './mmn-10-removal-under-readers'
import { unregisterIsNoFence } from './mmn-11-unregister-is-no-fence'
import { oneDomainForAll } from './mmn-12-one-domain-for-all'
import { notifiersCompose } from './mmn-13-notifiers-compose'
import { releaseOnce } from './mmn-14-release-once'
import { releaseWithoutMmapSem } from './mmn-15-release-without-mmap-sem'
import { registrationNeedsALiveMm } from './mmn-16-registration-needs-a-live-mm'
import { allocatedBeforeAllLocks } from './mmn-17-allocated-before-all-locks'
import { startSleepsInvalidateRangeDoesNot } from './mmn-18-start-sleeps-invalidate-range-does-not'
import { endEmptiesSecondaryTlbs } from './mmn-19-end-empties-secondary-tlbs'
import { blockableStartCannotFail } from './mmn-20-blockable-start-cannot-fail'
import { callbacksFindTheirState } from './mmn-21-callbacks-find-their-state'
import { noEndAfterRemoval } from './mmn-22-no-end-after-removal'
import { otherOpsDoNotSleep } from './mmn-23-other-ops-do-not-sleep'
import { nobodyIsCalledWhereNobodyListens } from './mmn-24-nobody-is-called-where-nobody-listens'
import { oneDescriptorForAll } from './mmn-25-one-descriptor-for-all'
import { undoInTheSectionOfTheStart } from './mmn-26-undo-in-the-section-of-the-start'

export const mmuNotifierContracts: readonly Contract[] = [
  bracketedChanges,
  successMeansStopped,
  balancedStartEnd,
  noEndAfterFailure,
  partialFailureIsUnwound,
  theRefuserGetsNoEnd,
  oneOrderForAllWalks,
  undoMeetsARemoval,
  noRegistrationInsideAPass,
  removalUnderReaders,
  unregisterIsNoFence,
  oneDomainForAll,
  notifiersCompose,
  releaseOnce,
  releaseWithoutMmapSem,
  registrationNeedsALiveMm,
  allocatedBeforeAllLocks,
  startSleepsInvalidateRangeDoesNot,
  endEmptiesSecondaryTlbs,
  blockableStartCannotFail,
  callbacksFindTheirState,
  noEndAfterRemoval,
  otherOpsDoNotSleep,
  nobodyIsCalledWhereNobodyListens,
  oneDescriptorForAll,
  undoInTheSectionOfTheStart,
]
