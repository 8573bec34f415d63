/**
 * Campaigns cut into shards, so that what is found does not depend on how many workers look for it.
 *
 * A shard is a campaign with a seed and an adaptive state of its own. Shards are merged in their order,
 * whoever runs them and whichever ends first.
 */
import { range } from 'lodash'
import { childSeed } from '../engine/random'
import type { Campaign, Count, Failure } from './campaign'
import type { BadEnd } from './ends'
import { inOrder } from './in-order'

/** Enough for a campaign to adapt to what it sees, and short enough for several workers to share a run. */
export const schedulesPerShard = 1_000

/** After so many runs that used up memory, lost what they ran or did not come back, a campaign is over. */
export const crashesMax = 3

export function tooManyCrashes({ badEnds }: Pick<Campaign, 'badEnds'>): boolean {
  const count = (kind: BadEnd) => badEnds.get(kind)?.count ?? 0
  return count('crash') + count('hang') + count('protocol') >= crashesMax
}

export interface Shard {
  /** From 0. */
  readonly number: number
  readonly seed: number
  readonly schedules: number
}

/** What a shard saw, without the contracts, which are code: it may come from another thread. */
export type ShardResult = Pick<Campaign, 'schedules' | 'exhausted' | 'repeated' | 'badEnds'> & {
  readonly counts: readonly Count[]
}

export interface ShardedOptions {
  readonly shards: readonly Shard[]
  /** How many are under way at once. */
  readonly atOnce: number
  readonly execute: (shard: Shard) => Promise<ShardResult>
  /** Told of every result at once, in whatever order they come. */
  readonly arrived?: (result: ShardResult) => void
  /** Ends the campaign after a shard, in order; what has begun behind it is thrown away. */
  readonly enough?: (soFar: Campaign) => boolean
}

export function shardsOf(seed: number, schedules: number): Shard[] {
  return range(Math.ceil(schedules / schedulesPerShard)).map((number) => ({
    number,
    seed: childSeed(seed, number),
    schedules: Math.min(schedulesPerShard, schedules - number * schedulesPerShard),
  }))
}

/** Runs shards and adds them to a campaign. */
export async function runShards(
  campaign: Campaign,
  { shards, atOnce, execute, arrived, enough }: ShardedOptions,
): Promise<void> {
  const begin = async (shard: Shard): Promise<ShardResult> => {
    const result = await execute(shard)
    arrived?.(result)
    return result
  }
  for await (const result of inOrder(shards, atOnce, begin)) {
    addTo(campaign, result)
    if (enough?.(campaign)) return
  }
}

/** A campaign without its contracts. */
export function resultOf({ tallies, ...rest }: Campaign): ShardResult {
  const counts = tallies.map(({ exercised, witnesses, failure }) => ({
    exercised,
    witnesses,
    failure,
  }))
  return { counts, ...rest }
}

/** Adds what a shard saw to a campaign: counts add up, and what failed first comes first. */
export function addTo(campaign: Campaign, result: ShardResult): void {
  const { counts, schedules, exhausted, repeated, badEnds } = result
  const before = campaign.schedules
  const later = (failure: Failure) => ({ ...failure, schedule: before + failure.schedule })
  counts.forEach(({ exercised, witnesses, failure }, i) => {
    const tally = campaign.tallies[i]!
    tally.exercised += exercised
    for (const [witness, count] of witnesses)
      tally.witnesses.set(witness, (tally.witnesses.get(witness) ?? 0) + count)
    tally.failure ??= failure && later(failure)
  })
  for (const [kind, { count, first }] of badEnds) {
    const known = campaign.badEnds.get(kind)
    if (known) known.count += count
    else campaign.badEnds.set(kind, { count, first: later(first) })
  }
  campaign.schedules += schedules
  campaign.exhausted += exhausted
  campaign.repeated += repeated
}
