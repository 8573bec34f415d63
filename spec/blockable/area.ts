/** The contracts of blockable and non-blockable passes. */
import type { Contract } from '../contract'
import { noFailureWhenBlockable } from './blk-01-no-failure-when-blockable'
import { onlyEagain } from './blk-02-only-eagain'
import { noSleepWhenNonBlockable } from './blk-05-no-sleep-when-non-blockable'
import { eagainLeavesNoState } from './blk-12-eagain-leaves-no-state'
import { eagainPropagates } from './blk-14-eagain-propagates'
import { illegalCodesAreContained } from './blk-15-illegal-codes-are-contained'
import { trylockOnly } from './blk-18-trylock-only'

export const blockableContracts: readonly Contract[] = [
  noFailureWhenBlockable,
  onlyEagain,
  noSleepWhenNonBlockable,
  eagainLeavesNoState,
  eagainPropagates,
  illegalCodesAreContained,
  trylockOnly,
]
