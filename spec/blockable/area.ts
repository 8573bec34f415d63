/** The contracts of blockable and non-blockable passes. */
import type { Contract, Unjudged } from '../contract'
import { noFailureWhenBlockable } from './blk-01-no-failure-when-blockable'
import { onlyEagain } from './blk-02-only-eagain'
import { aRefusalIsNoWarning } from './blk-03-a-refusal-is-no-warning'
import { onlyTheOomReaperMayNotBlock } from './blk-04-only-the-oom-reaper-may-not-block'
import { noSleepWhenNonBlockable } from './blk-05-no-sleep-when-non-blockable'
import { preemptionIsAllowed } from './blk-06-preemption-is-allowed'
import { spinlocksAreAllowed } from './blk-07-spinlocks-are-allowed'
import { sectionsBalance } from './blk-08-sections-balance'
import { schedulingIsChecked } from './blk-09-scheduling-is-checked'
import { mightSleepIsChecked } from './blk-10-might-sleep-is-checked'
import { oneCallbackASection } from './blk-11-one-callback-a-section'
import { eagainLeavesNoState } from './blk-12-eagain-leaves-no-state'
import { unwindingDoesNotBlock } from './blk-13-unwinding-does-not-block'
import { eagainPropagates } from './blk-14-eagain-propagates'
import { illegalCodesAreContained } from './blk-15-illegal-codes-are-contained'
import { noInterestNoRefusal } from './blk-16-no-interest-no-refusal'
import { refusesOnlyWhatIsBusy } from './blk-17-refuses-only-what-is-busy'
import { trylockOnly } from './blk-18-trylock-only'
import { aTrialChangesNothing } from './blk-20-a-trial-changes-nothing'
import { endsDoNotBlock } from './blk-21-ends-do-not-block'
import { diagnosisNamesTheCause } from './blk-23-diagnosis-names-the-cause'
import { twoReasonsToRefuse } from './blk-24-two-reasons-to-refuse'

export const blockableContracts: readonly Contract[] = [
  noFailureWhenBlockable,
  onlyEagain,
  aRefusalIsNoWarning,
  onlyTheOomReaperMayNotBlock,
  noSleepWhenNonBlockable,
  preemptionIsAllowed,
  spinlocksAreAllowed,
  sectionsBalance,
  schedulingIsChecked,
  mightSleepIsChecked,
  oneCallbackASection,
  eagainLeavesNoState,
  unwindingDoesNotBlock,
  eagainPropagates,
  illegalCodesAreContained,
  noInterestNoRefusal,
  refusesOnlyWhatIsBusy,
  trylockOnly,
  aTrialChangesNothing,
  endsDoNotBlock,
  diagnosisNamesTheCause,
  twoReasonsToRefuse,
]

export const blockableUnjudged: readonly Unjudged[] = [
  {
    id: 'BLK-19',
    says: 'in blockable mode a driver waits for its lock and never makes an error of contention',
    cites: ['000:3082-3084', '004:46-50'],
    sameAs: 'BLK-01',
  },
  {
    id: 'BLK-22',
    says: 'without CONFIG_DEBUG_ATOMIC_SLEEP the annotations do nothing, and everything else stays the same',
    cites: ['002:230-231', '002:243-245'],
    excluded:
      'it compares two kernels, not the events of one run: properties/blockable.property.ts does',
  },
]
