/**
 * PCT: random priorities, and d - 1 random steps at which the task about to run is demoted.
 *
 * Source: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A randomized scheduler with probabilistic
 * guarantees of finding bugs", ASPLOS 2010. Invariant: a bug of depth d among n tasks and k steps is hit
 * with a probability of at least 1/(n * k^(d-1)); so k is the most steps any run has taken, and never less.
 * The fair variant walks at random behind k steps, so that a task that spins is not waited for for ever
 * (Coyote's "fair PCT").
 */
import type { Choice, Option } from '../choice'
import { random, type Random } from '../random'
import type { Strategy } from './strategy'

const depths = [2, 3, 4, 5]
/** Steps that are assumed of a workload of which no run is known yet. */
const stepsAssumed = 64

export interface PctOptions {
  readonly depth: number
  /** Steps among which the change points are drawn. */
  readonly steps: number
  /** Walk at random behind these steps. */
  readonly fair: boolean
}

export function pct(seed: number, { depth, steps, fair }: PctOptions): Choice {
  const next = random(seed)
  const changes = changePoints(next, depth - 1, steps)
  const priorities: number[] = []
  const priorityOf = (option: Option) => (priorities[option] ??= depth + next(1 << 30))
  let step = 0
  const highest = (options: readonly Option[], count: number): number => {
    let best = 0
    for (let i = 1; i < count; i++)
      if (priorityOf(options[i]!) > priorityOf(options[best]!)) best = i
    return best
  }
  /** Demotes an option if this step is a change point: below all others, and the points drawn before. */
  const demoted = (option: Option): boolean => {
    const change = changes.indexOf(step)
    if (change < 0) return false
    changes[change] = -1
    priorities[option] = depth - 1 - change
    return true
  }
  return {
    pick(options, count) {
      if (fair && step >= steps) return next(count)
      let best = highest(options, count)
      while (demoted(options[best]!)) best = highest(options, count)
      return best
    },
    took(option) {
      priorityOf(option)
      demoted(option)
      step++
    },
  }
}

/** Distinct steps, as far as there are so many; a point that is used up becomes -1. */
function changePoints(next: Random, count: number, steps: number): number[] {
  const points: number[] = []
  while (points.length < count && points.length < steps) {
    const point = next(steps)
    if (!points.includes(point)) points.push(point)
  }
  return points
}

/** Runs whose bounds are the given depths in turn. */
export function pctRuns(name: string, bounds: readonly number[], fair: boolean): Strategy {
  let steps = 0
  let runs = 0
  return {
    name,
    begin: (seed) =>
      pct(seed, { depth: bounds[runs++ % bounds.length]!, steps: steps || stepsAssumed, fair }),
    learn(execution) {
      steps = Math.max(steps, execution.steps.length)
    },
  }
}

export const pctSchedules = (): Strategy => pctRuns('PCT', depths, false)
export const fairPctSchedules = (): Strategy => pctRuns('fair PCT', depths, true)
