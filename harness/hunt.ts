/** Hunts: the search for one planted defect, until every contract that must object has objected. */
import { difference, max } from 'lodash'
import { newCampaign, runCampaign, type Campaign } from './campaign'
import { shrink } from './counterexample'
import { contracts, mutant } from './registry'
import { resultOf, runShards, shardsOf } from './shards'

export interface HuntTask {
  /** The mutant's name. */
  readonly name: string
  readonly seed: number
  readonly schedules: number
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
  /** Who drew the schedule to which the first of them objected: a strategy, or `enumeration`; nobody if it survives. */
  readonly by: string
  readonly operations: number
  readonly preemptions: number
  readonly token: string
  /** Volatile. */
  readonly ms: number
}

/** Searches in this thread, and shrinks the case of the first contract that must object. */
export async function hunt({ name, seed, schedules }: HuntTask): Promise<MutantReport> {
  const { id, cites, expect, may, patches } = mutant(name)
  const began = Date.now()
  const enough = (soFar: Campaign) => difference(expect, objecting(soFar)).length === 0
  const campaign = newCampaign(contracts)
  await runShards(campaign, {
    shards: shardsOf(seed, schedules),
    atOnce: 1,
    execute: async (shard) => resultOf(runCampaign({ contracts, patches, ...shard, enough })),
    enough,
  })
  const ms = Date.now() - began
  const killedBy = objecting(campaign)
  const wanted = campaign.tallies.filter(({ contract }) => expect.includes(contract.id))
  const found = wanted.map(({ failure }) => failure?.schedule ?? campaign.schedules)
  const first = wanted.find(({ contract }) => contract.id === expect[0])
  const smallest = first?.failure
    ? shrink(first.contract, first.failure, patches, id, { insight: false })
    : null
  return {
    ...{ id, cites, expected: expect, killedBy },
    unexpected: difference(killedBy, expect, Object.keys(may)),
    schedules: max(found) ?? campaign.schedules,
    by: first?.failure?.by ?? '',
    operations: smallest?.operations ?? 0,
    preemptions: smallest?.preemptions ?? 0,
    token: smallest?.token ?? '',
    ms,
  }
}

function objecting({ tallies }: Campaign): string[] {
  return tallies.filter(({ failure }) => failure !== null).map(({ contract }) => contract.id)
}
