/**
 * Rounds of several contenders that take turns, so that a busy machine slows all of them. Their time is that
 * of the processor: none of them waits for anything, and on a busy machine the wall clock measures others.
 */
import { range, sortBy } from 'lodash'
import { childSeed } from '../../engine/random'
import { cpuMilliseconds } from './clock'
import { median } from './statistics'

/** What a batch of schedules came to. */
export interface Batch {
  readonly schedules: number
  readonly steps: number
}

export interface Contender {
  readonly name: string
  /** Runs so many schedules that depend on `seed`. */
  batch(schedules: number, seed: number): Batch | Promise<Batch>
}

export interface Rate {
  readonly name: string
  /** A second of processor time, as all rates here. */
  readonly schedulesPerSecond: number
  readonly stepsPerSecond: number
  readonly stepsPerSchedule: number
  /** Schedules behind the figures. */
  readonly schedules: number
  /** Schedules per second in every round, in order. */
  readonly rounds: readonly number[]
}

/** Schedules that take a contender about so many milliseconds, found by doubling; warms it up as well. */
async function batchSize(contender: Contender, milliseconds: number): Promise<number> {
  for (let schedules = 16; ; schedules *= 2) {
    const began = cpuMilliseconds()
    await contender.batch(schedules, schedules)
    const spent = cpuMilliseconds() - began
    if (spent >= milliseconds) return Math.max(16, Math.round((schedules * milliseconds) / spent))
  }
}

/**
 * Runs every contender once a round, in another order each time: what one leaves behind (garbage) is then
 * not always the same one's to clear. Garbage is not collected by force, which undoes optimised code.
 */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
  milliseconds: number,
): Promise<Rate[]> {
  const sizes: number[] = []
  for (const contender of contenders) sizes.push(await batchSize(contender, milliseconds))
  const perSecond = contenders.map((): number[] => [])
  const totals = contenders.map(() => ({ schedules: 0, steps: 0 }))
  for (let round = -2; round < rounds; round++) {
    for (const at of sortBy(range(contenders.length), (n) => childSeed(round, n))) {
      const began = cpuMilliseconds()
      const { schedules, steps } = await contenders[at]!.batch(sizes[at]!, round + 3)
      const seconds = (cpuMilliseconds() - began) / 1000
      if (round < 0) continue
      perSecond[at]!.push(schedules / seconds)
      totals[at]!.schedules += schedules
      totals[at]!.steps += steps
    }
  }
  return contenders.map(({ name }, at) => {
    const { schedules, steps } = totals[at]!
    const schedulesPerSecond = median(perSecond[at]!)
    return {
      name,
      schedulesPerSecond,
      stepsPerSecond: (schedulesPerSecond * steps) / schedules,
      stepsPerSchedule: steps / schedules,
      schedules,
      rounds: perSecond[at]!,
    }
  })
}

/** The median over rounds of one rate over another in the same round. */
export function ratioOf(one: Rate, other: Rate): number {
  return median(one.rounds.map((rate, round) => rate / other.rounds[round]!))
}
