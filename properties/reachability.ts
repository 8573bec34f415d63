/** This is reachable: the witness of an adversary is met within so many generated runs. */
import { runCampaign } from '../harness/campaign'
import { contracts } from '../harness/registry'

/** How often a contract's antecedent held in the first `schedules` runs of a campaign. */
export function reachedIn(schedules: number, id: string): number {
  const chosen = contracts.filter((contract) => contract.id === id)
  const { tallies } = runCampaign({ contracts: chosen, patches: [], seed: 1, schedules })
  return tallies[0]!.exercised
}
