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

/**
 * Schedules yet to visit, which follow a visited one up to some choice and there take another option. Tens of
 * thousands may wait, so they are told apart only when their turn comes.
 */
interface Fan {
  readonly choices: Uint16Array
  /** For each choice of this fan's level how many options it had, else 0. */
  readonly widths: Uint16Array
  /** The choice and the option that come next. */
  at: number
  pick: number
}

/** Schedules yet to visit: whoever visits one says how it went, and gets what follows from it later. */
export class Frontier {
  private readonly levels: Fan[][] = [[]]
  /** The choice that the schedule which is visited takes for itself; -1 before the first. */
  private at = -1
  private isFirst = true
  /** Preemptions of the schedule that is visited. */
  level = 0

  constructor(private readonly bound = Infinity) {}

  get isEmpty(): boolean {
    return !this.isFirst && this.levels.every((fans) => fans.length === 0)
  }

  /** The next schedule, or null if all were visited. */
  next(): Choice | null {
    if (this.isFirst) {
      this.isFirst = false
      return recorded([])
    }
    while (this.level < this.levels.length && this.levels[this.level]!.length === 0) this.level++
    const fans = this.levels[this.level]
    const fan = fans?.at(-1)
    if (!fans || !fan) return null
    const prefix = [...fan.choices.subarray(0, fan.at), fan.pick]
    this.at = fan.at
    fan.pick++
    if (!settle(fan)) fans.pop()
    return recorded(prefix)
  }

  /**
   * A visited schedule keeps running behind its prefix of choices; every other choice behind the prefix
   * begins a schedule of its own, one preemption dearer where the current task could have gone on.
   */
  visited({ choices, widths, couldKeepRunning }: Visited): void {
    const taken = Uint16Array.from(choices)
    for (const preempts of [false, true]) {
      const next = preempts ? this.level + 1 : this.level
      if (next > this.bound) continue
      const own = Uint16Array.from(widths, (width, at) =>
        couldKeepRunning[at] === preempts ? width : 0,
      )
      const fan = { choices: taken, widths: own, at: this.at + 1, pick: 1 }
      if (!settle(fan)) continue
      for (let level = this.levels.length; level <= next; level++) this.levels.push([])
      this.levels[next]!.push(fan)
    }
  }
}

/** Moves on to a choice and an option that there are; false if there are none left. */
function settle(fan: Fan): boolean {
  while (fan.at < fan.widths.length && fan.pick >= fan.widths[fan.at]!) {
    fan.at++
    fan.pick = 1
  }
  return fan.at < fan.widths.length
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
