/** All contracts, area by area. */
import { groupBy } from 'lodash'
import { EngineError } from '../engine/errors'
import type { Contract, Unjudged } from './contract'
import { blockableContracts, blockableUnjudged } from './blockable/area'
import { devicesContracts } from './devices/area'
import { hmmContracts, hmmUnjudged } from './hmm/area'
import { lifetimesContracts, lifetimesUnjudged } from './lifetimes/area'
import { lockingContracts } from './locking/area'
import { mmuNotifierContracts } from './mmu-notifier/area'
import { oomContracts, oomUnjudged } from './oom/area'
import { secondaryTlbContracts, secondaryTlbUnjudged } from './secondary-tlb/area'

export const contracts: readonly Contract[] = unique([
  ...mmuNotifierContracts,
  ...hmmContracts,
  ...blockableContracts,
  ...lockingContracts,
  ...lifetimesContracts,
  ...oomContracts,
  ...secondaryTlbContracts,
  ...devicesContracts,
])

function unique(all: readonly Contract[]): readonly Contract[] {
  for (const [id, same] of Object.entries(groupBy(all, 'id')))
    if (same.length > 1) throw new EngineError(`two contracts are called ${id}`)
  return all
}

/** Rules that are another one's, or that no run can show. */
export const unjudged: readonly Unjudged[] = [
  ...hmmUnjudged,
  ...blockableUnjudged,
  ...lifetimesUnjudged,
  ...oomUnjudged,
  ...secondaryTlbUnjudged,
]
