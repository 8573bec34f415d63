/**
 * Every schedule with at most so many preemptions, each once, fewest preemptions first (iterative
 * context bounding, Musuvathi and Qadeer 2007). Stateless: a schedule is re-executed from its choices.
 */
import { recorded, type Choice } from './choice'
import type { Execution } from './run'

export interface Enumeration {
  readonly executions: number
  /** Whether every schedule within the bound was visited. */
  readonly complete: boolean
  /** Schedules visited by number of preemptions. */
  readonly byPreemptions: readonly number[]
}

/**
 * Visits schedules until `visit` returns true, or `cap` executions were made.
 *
 * A visited schedule keeps running behind its prefix of choices; every other choice behind the prefix
 * begins a schedule of its own, one preemption dearer where the current task could have gone on.
 */
export function enumerate(
  execute: (choice: Choice) => Execution,
  bound: number,
  cap: number,
  visit: (execution: Execution) => boolean | void,
): Enumeration {
  const levels: (readonly number[])[][] = [[[]]]
  const byPreemptions: number[] = []
  let executions = 0
  for (let level = 0; level <= bound; level++) {
    const prefixes = levels[level] ?? []
    byPreemptions[level] = 0
    for (let prefix = prefixes.pop(); prefix; prefix = prefixes.pop()) {
      if (executions === cap) return { executions, complete: false, byPreemptions }
      const execution = execute(recorded(prefix))
      executions++
      byPreemptions[level]!++
      if (visit(execution)) return { executions, complete: false, byPreemptions }
      const { choices, widths, couldKeepRunning } = execution
      for (let at = choices.length - 1; at >= prefix.length; at--) {
        const next = couldKeepRunning[at] ? level + 1 : level
        if (next > bound) continue
        const target = (levels[next] ??= [])
        for (let pick = widths[at]! - 1; pick >= 1; pick--)
          target.push([...choices.slice(0, at), pick])
      }
    }
  }
  return { executions, complete: true, byPreemptions }
}
