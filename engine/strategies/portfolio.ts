/**
 * The portfolio: all strategies in turn, because none of them alone is safe.
 *
 * Source: the portfolio of Coyote (its default since 1.7.0); Thomson, Donaldson and Betts, TOPC 2016, for why.
 * Invariant: of any eleven runs in a row every strategy draws at least one; so a bug costs at most eleven times
 * the schedules that the best of them needs.
 */
import { uniq } from 'lodash'
import { fairPctSchedules, pctSchedules } from './pct'
import { posSchedules } from './pos'
import { raceDirectedRuns } from './race-directed'
import { randomWalks } from './random-walk'
import { roundRobins } from './round-robin'
import { stickyWalks } from './sticky'
import type { Strategy } from './strategy'
import { uniformWalks } from './uniform'

/** Every strategy by a function that makes it, for a workload of its own. */
export const strategies: readonly (() => Strategy)[] = [
  stickyWalks,
  pctSchedules,
  posSchedules,
  raceDirectedRuns,
  uniformWalks,
  fairPctSchedules,
  randomWalks,
  roundRobins,
]

/** Who draws the next run: those that find most on their own have more turns (bench/time-to-bug.ts). */
export const turns: readonly (() => Strategy)[] = [
  posSchedules,
  raceDirectedRuns,
  pctSchedules,
  stickyWalks,
  raceDirectedRuns,
  posSchedules,
  uniformWalks,
  raceDirectedRuns,
  fairPctSchedules,
  randomWalks,
  roundRobins,
]

/** `first` is the turn that begins: workloads with few runs begin with different ones. */
export function portfolio(first = 0): Strategy {
  return inTurns(turns, first)
}

/** A strategy for each that makes one, and whose turn it is draws the next run. */
export function inTurns(turns: readonly (() => Strategy)[], first: number): Strategy {
  const members = new Map(uniq(turns).map((make) => [make, make()]))
  let turn = first
  return {
    name: 'portfolio',
    begin: (seed) => {
      const member = members.get(turns[turn++ % turns.length]!)!
      return { ...member.begin(seed), by: member.name }
    },
    watch: (option, position) => members.forEach((member) => member.watch?.(option, position)),
    learn: (execution) => members.forEach((member) => member.learn?.(execution)),
  }
}
