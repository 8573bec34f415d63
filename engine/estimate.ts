/** How large a program's state of affairs is, from a sample of its runs. */
import { optionTask, type Choice } from './choice'
import { recording, type Footprint } from './footprint'
import { childSeed } from './random'
import type { Execution } from './run'
import { randomWalk } from './strategies/random-walk'
import { classOf } from './trace-class'

export interface Estimate {
  /** All schedules: an unbiased estimate, which may be far too low where some tasks run long. */
  readonly schedules: number
  /** At least so many trace classes. */
  readonly classes: number
  /** Runs it was made from. */
  readonly sample: number
}

/**
 * Schedules: the mean, over random walks, of the product of the widths they met (Knuth, "Estimating the
 * efficiency of backtrack programs", 1975). Classes: those met, and for those not met what Chao's lower
 * bound adds (Chao, "Nonparametric estimation of the number of classes in a population", 1984).
 */
export function estimate(
  execute: (choice: Choice) => Execution,
  seed: number,
  sample: number,
): Estimate {
  const seen = new Map<string, number>()
  let schedules = 0
  for (let n = 0; n < sample; n++) {
    const footprints: Footprint[] = []
    const walk = randomWalk(childSeed(seed, n))
    const { steps, widths } = recording(footprints, () => execute(walk))
    schedules += widths.reduce((product, width) => product * width, 1) / sample
    const name = classOf(steps, footprints)
    seen.set(name, (seen.get(name) ?? 0) + 1)
  }
  const metTimes = (times: number) => [...seen.values()].filter((count) => count === times).length
  const [once, twice] = [metTimes(1), metTimes(2)]
  const unmet = (once * (once - 1)) / (2 * (twice + 1))
  return { schedules, classes: Math.round(seen.size + unmet), sample }
}

/**
 * How many schedules there are if every task takes as many steps in each: the orders of the steps of one run.
 * There are fewer where tasks wait for each other, and more where they do more because of each other.
 */
export function interleavingsOf({ steps }: Pick<Execution, 'steps'>): number {
  const taken = new Map<number, number>()
  let orders = 1
  for (const [before, { option }] of steps.entries()) {
    const task = optionTask(option)
    taken.set(task, (taken.get(task) ?? 0) + 1)
    orders = (orders * (before + 1)) / taken.get(task)!
  }
  return orders
}
