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

type Visited = Pick<Execution, 'choices' | 'widths' | 'couldKeepRunning'>

/** A schedule yet to visit: as `parent` up to its choice number `at`, which becomes `pick`. */
interface Branch {
  readonly parent: readonly number[]
  readonly at: number
  readonly pick: number
}

/** Schedules yet to visit: whoever visits one says how it went, and gets what follows from it later. */
export class Frontier {
  private readonly levels: Branch[][] = [[{ parent: [], at: -1, pick: 0 }]]
  private branch: Branch | null = null
  /** Preemptions of the schedule that is visited. */
  level = 0

  constructor(private readonly bound = Infinity) {}

  get isEmpty(): boolean {
    return this.levels.every((branches) => branches.length === 0)
  }

  /** The next schedule, or null if all were visited. */
  next(): Choice | null {
    while (this.level < this.levels.length && this.levels[this.level]!.length === 0) this.level++
    this.branch = this.levels[this.level]?.pop() ?? null
    return this.branch && recorded(prefixOf(this.branch))
  }

  /**
   * A visited schedule keeps running behind its prefix of choices; every other choice behind the prefix
   * begins a schedule of its own, one preemption dearer where the current task could have gone on.
   */
  visited({ choices, widths, couldKeepRunning }: Visited): void {
    for (let at = choices.length - 1; at > this.branch!.at; at--) {
      const next = couldKeepRunning[at] ? this.level + 1 : this.level
      if (next > this.bound) continue
      for (let level = this.levels.length; level <= next; level++) this.levels.push([])
      for (let pick = widths[at]! - 1; pick >= 1; pick--)
        this.levels[next]!.push({ parent: choices, at, pick })
    }
  }
}

/** Visits schedules until `visit` returns true, or `cap` executions were made. */
export function enumerate(
  execute: (choice: Choice) => Execution,
  bound: number,
  cap: number,
  visit: (execution: Execution) => boolean | void,
): Enumeration {
  const frontier = new Frontier(bound)
  const byPreemptions: number[] = []
  for (let executions = 0; ; executions++) {
    const choice = frontier.next()
    if (choice === null) return { executions, complete: true, byPreemptions }
    for (let level = byPreemptions.length; level <= frontier.level; level++) byPreemptions.push(0)
    if (executions === cap) return { executions, complete: false, byPreemptions }
    const execution = execute(choice)
    byPreemptions[frontier.level]!++
    if (visit(execution)) return { executions: executions + 1, complete: false, byPreemptions }
    frontier.visited(execution)
  }
}

function prefixOf({ parent, at, pick }: Branch): readonly number[] {
  return at < 0 ? [] : [...parent.slice(0, at), pick]
}
