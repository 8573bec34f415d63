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

/** A schedule yet to visit: as `parent` up to its choice number `at`, which becomes `pick`. */
interface Branch {
  readonly parent: readonly number[]
  readonly at: number
  readonly pick: number
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
  const levels: Branch[][] = [[{ parent: [], at: -1, pick: 0 }]]
  const byPreemptions: number[] = []
  let executions = 0
  for (let level = 0; level <= bound && level < levels.length; level++) {
    const branches = levels[level]!
    byPreemptions[level] = 0
    for (let branch = branches.pop(); branch; branch = branches.pop()) {
      if (executions === cap) return { executions, complete: false, byPreemptions }
      const execution = execute(recorded(prefixOf(branch)))
      executions++
      byPreemptions[level]!++
      if (visit(execution)) return { executions, complete: false, byPreemptions }
      const { choices, widths, couldKeepRunning } = execution
      for (let at = choices.length - 1; at > branch.at; at--) {
        const next = couldKeepRunning[at] ? level + 1 : level
        if (next > bound) continue
        const target = (levels[next] ??= [])
        for (let pick = widths[at]! - 1; pick >= 1; pick--)
          target.push({ parent: choices, at, pick })
      }
    }
  }
  return { executions, complete: true, byPreemptions }
}

function prefixOf({ parent, at, pick }: Branch): readonly number[] {
  return at < 0 ? [] : [...parent.slice(0, at), pick]
}
