/** Hunts: the search for one planted defect, until every contract that must object has objected. */
import { difference, max, pick } from 'lodash'
import { newCampaign, runCampaign, type Campaign } from './campaign'
import { shrink, type Counterexample } from './counterexample'
import { contracts, mutant } from './registry'
import { addTo, resultOf, shardsOf } from './shards'

export interface HuntTask {
  /** The mutant's name. */
  readonly name: string
  readonly seed: number
  readonly schedules: number
}

/** The smallest case that was found for one of the contracts that must object. */
export interface Case {
  readonly contract: string
  readonly operations: number
  readonly preemptions: number
  readonly token: string
}

export interface MutantReport {
  readonly id: string
  readonly cites: readonly string[]
  readonly expected: readonly string[]
  readonly killedBy: readonly string[]
  /** Contracts that objected and are neither expected nor allowed to. */
  readonly unexpected: readonly string[]
  /** Schedules until the last of the expected contracts had objected. */
  readonly schedules: number
  /** Who drew the schedule to which the first of them objected: a strategy, or `enumeration`; nobody if none did. */
  readonly by: string
  /** For each of them that objected, in their order. */
  readonly cases: readonly Case[]
  /** Volatile. */
  readonly ms: number
}

/** Searches in this thread, and shrinks the case of each contract that must object. */
export function hunt({ name, seed, schedules }: HuntTask): MutantReport {
  const { id, cites, expect, may, patches } = mutant(name)
  const began = Date.now()
  const enough = (soFar: Campaign) => difference(expect, objecting(soFar)).length === 0
  const campaign = newCampaign(contracts)
  for (const shard of shardsOf(seed, schedules)) {
    addTo(campaign, resultOf(runCampaign({ contracts, patches, ...shard, enough })))
    if (enough(campaign)) break
  }
  const ms = Date.now() - began
  const killedBy = objecting(campaign)
  const wanted = expect.map((id) => campaign.tallies.find(({ contract }) => contract.id === id)!)
  const found = wanted.map(({ failure }) => failure?.schedule ?? campaign.schedules)
  return {
    ...{ id, cites, expected: expect, killedBy },
    unexpected: difference(killedBy, expect, Object.keys(may)),
    schedules: max(found) ?? campaign.schedules,
    by: wanted[0]?.failure?.by ?? '',
    cases: wanted.flatMap(({ contract, failure }) =>
      failure ? smallest(shrink(contract, failure, patches, id, { insight: false })) : [],
    ),
    ms,
  }
}

const smallest = (found: Counterexample): Case =>
  pick(found, 'contract', 'operations', 'preemptions', 'token')

function objecting({ tallies }: Campaign): string[] {
  return tallies.filter(({ failure }) => failure !== null).map(({ contract }) => contract.id)
}
