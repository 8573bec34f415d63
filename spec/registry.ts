/** All contracts, area by area. */
import { groupBy } from 'lodash'
import { EngineError } from '../engine/errors'
import type { Contract, Unjudged } from './contract'
import { blockableContracts, blockableUnjudged } from './blockable/area'
import { devicesContracts } from './devices/area'
import { driversContracts, driversUnjudged } from './drivers/area'
import { hmmContracts, hmmUnjudged } from './hmm/area'
import { intervalContracts } from './interval/area'
import { invlockContracts, invlockUnjudged } from './invlock/area'
import { lifetimesContracts, lifetimesUnjudged } from './lifetimes/area'
import { lockingContracts } from './locking/area'
import { mmuNotifierContracts } from './mmu-notifier/area'
import { oomContracts, oomUnjudged } from './oom/area'
import { pagemapContracts } from './pagemap/area'
import { secondaryTlbContracts, secondaryTlbUnjudged } from './secondary-tlb/area'

export const contracts: readonly Contract[] = [
  ...mmuNotifierContracts,
  ...hmmContracts,
  ...blockableContracts,
  ...lockingContracts,
  ...lifetimesContracts,
  ...oomContracts,
  ...secondaryTlbContracts,
  ...driversContracts,
  ...devicesContracts,
  ...invlockContracts,
  ...pagemapContracts,
  ...intervalContracts,
]

/** Rules that are another one's, or that no run can show. */
export const unjudged: readonly Unjudged[] = [
  ...hmmUnjudged,
  ...blockableUnjudged,
  ...lifetimesUnjudged,
  ...oomUnjudged,
  ...secondaryTlbUnjudged,
  ...driversUnjudged,
  ...invlockUnjudged,
]

checkRegistry(contracts, unjudged)

/** Refuses entries of one name, and contracts that are never vacuous or always. */
export function checkRegistry(judged: readonly Contract[], others: readonly Unjudged[]): void {
  for (const [id, same] of Object.entries(groupBy([...judged, ...others], 'id')))
    if (same.length > 1) throw new EngineError(`two entries of the registry are called ${id}`)
  for (const { id, minimum } of judged) checkMinimum(id, minimum)
}

/** Each witness takes an exercise of its own; without any a contract would pass unseen. */
function checkMinimum(id: string, { exercised, witnesses }: Contract['minimum']): void {
  if (![exercised, witnesses].every((count) => Number.isInteger(count) && count > 0))
    throw new EngineError(
      `the minimum of ${id} is ${exercised} times in ${witnesses} shapes: both must be whole numbers above 0`,
    )
  if (witnesses > exercised)
    throw new EngineError(
      `the minimum of ${id} cannot be met: ${witnesses} shapes of ${exercised} times`,
    )
}
