/**
 * Uniform random walk: a task is drawn in proportion to the steps that it still has to take.
 *
 * Source: Zhao, Wolff, Mathur and Roychoudhury, "Selectively uniform concurrency testing" (SURW), ASPLOS
 * 2025. Invariant: for independent tasks of known lengths every interleaving has the same probability.
 * Lengths are the most steps that a task has taken in earlier runs of the workload.
 */
import { isTimeout, optionTask, type Choice, type Option } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

/** Draws in proportion to what is left of `lengths` (steps by task). */
export function uniformWalk(seed: number, lengths: readonly number[]): Choice {
  const next = random(seed)
  const taken: number[] = []
  const weight = (option: Option): number => {
    const task = optionTask(option)
    // A timeout is one more thing that the task may do, not as many as it has steps.
    return isTimeout(option) ? 1 : Math.max(1, (lengths[task] ?? 1) - (taken[task] ?? 0))
  }
  return {
    pick(options, count) {
      let total = 0
      for (let i = 0; i < count; i++) total += weight(options[i]!)
      let at = next(total)
      for (let i = 0; i < count; i++) {
        at -= weight(options[i]!)
        if (at < 0) return i
      }
      return 0
    },
    took(option) {
      taken[optionTask(option)] = (taken[optionTask(option)] ?? 0) + 1
    },
  }
}

export function uniformWalks(): Strategy {
  const lengths: number[] = []
  return {
    name: 'uniform',
    begin: (seed) => uniformWalk(seed, lengths),
    learn({ steps }) {
      const counted: number[] = []
      for (const { option } of steps) {
        const task = optionTask(option)
        counted[task] = (counted[task] ?? 0) + 1
      }
      counted.forEach((count, task) => (lengths[task] = Math.max(lengths[task] ?? 0, count)))
    },
  }
}
