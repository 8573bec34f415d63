/**
 * The nearest schedule that passes: one move of a block of steps away from one that fails.
 *
 * A move exchanges the last steps of a block with the first steps of the block behind it. Of the smallest
 * move that passes every smaller one fails, so the failure needs the order of the two steps at its corner:
 * the first of those that moved back and the last of those that moved forward. Source: the schedule chunks of
 * Choi and Zeller, "Isolating failure-inducing thread schedules", ISSTA 2002.
 */
import { sumBy } from 'lodash'
import type { Execute } from './attempts'
import { blocksOf, exchanged } from './blocks'
import type { Case } from './case'
import { relaxed, type StepKey } from './choice'
import type { Best } from './cost'
import type { Execution } from './run'

/** Steps are told by their index in the failing run. */
export interface Nearest {
  /** The step that must fall where it does. */
  readonly step: number
  /** What it must come after, and before; null where no single move shows that it must. */
  readonly after: number | null
  readonly before: number | null
  /** The run that passes. */
  readonly passing: Execution
}

export interface NearestSearch {
  readonly nearest: Nearest | null
  /** Whether every move was tried. */
  readonly complete: boolean
  readonly executions: number
}

export interface NearestOptions {
  /** Steps of the run that can matter, from the first on: all of them unless told. */
  readonly steps?: number
  /** Moves to try at most. */
  readonly movesMax?: number
}

const movesMaxDefault = 1_000

/** The last `back` steps of a block exchanged with the first `forward` steps of the next. */
interface Move {
  /** Index of the step at which the second block begins. */
  readonly at: number
  readonly back: number
  readonly forward: number
}

export function nearestPassing(
  execute: Execute,
  failing: Best,
  { steps, movesMax = movesMaxDefault }: NearestOptions = {},
): NearestSearch {
  const moves = new Moves(execute, failing.case, failing.execution.steps, steps, movesMax)
  const found = moves.smallest()
  const nearest = found && moves.between(found.move, found.passing)
  return { nearest, complete: !moves.spent, executions: moves.executions }
}

class Moves {
  executions = 0
  /** Whether a move was not tried because too many had been. */
  spent = false
  private readonly lengths: readonly number[]

  constructor(
    private readonly execute: Execute,
    private readonly of: Case,
    private readonly keys: readonly StepKey[],
    steps: number = keys.length,
    private readonly movesMax: number,
  ) {
    this.lengths = blocksOf(keys.slice(0, steps)).map(({ length }) => length)
  }

  /** By steps that move, then from the first block on. */
  smallest(): { move: Move; passing: Execution } | null {
    const largest = Math.max(...this.boundaries().map(({ before, behind }) => before + behind), 0)
    for (let size = 2; size <= largest; size++)
      for (const { at, before, behind } of this.boundaries())
        for (let back = Math.max(1, size - behind); back <= Math.min(before, size - 1); back++) {
          const move = { at, back, forward: size - back }
          const passing = this.passing(move)
          if (passing) return { move, passing }
        }
    return null
  }

  /** Of the two steps at the corner of a move, the one that another move shows to be bound on both sides. */
  between({ at, back, forward }: Move, passing: Execution): Nearest {
    const [early, late] = [at - back, at + forward - 1]
    const lateBefore = this.boundBehind(late)
    if (lateBefore !== null) return { step: late, after: early, before: lateBefore, passing }
    const earlyAfter = this.boundBefore(early)
    if (earlyAfter !== null) return { step: early, after: earlyAfter, before: late, passing }
    return { step: late, after: early, before: null, passing }
  }

  /** The first step of the next block that `step` must come before, or null. */
  private boundBehind(step: number): number | null {
    const boundary = this.boundaries().find(({ at, before }) => at > step && at - before <= step)
    for (let forward = 1; forward <= (boundary?.behind ?? 0); forward++)
      if (this.passing({ at: boundary!.at, back: boundary!.at - step, forward }))
        return boundary!.at + forward - 1
    return null
  }

  /** The last step of the block before that `step` must come after, or null. */
  private boundBefore(step: number): number | null {
    const boundary = this.boundaries().find(({ at, behind }) => at <= step && at + behind > step)
    for (let back = 1; back <= (boundary?.before ?? 0); back++)
      if (this.passing({ at: boundary!.at, back, forward: step - boundary!.at + 1 }))
        return boundary!.at - back
    return null
  }

  /** Where a block ends and the next begins, with the lengths of both. */
  private boundaries(): { at: number; before: number; behind: number }[] {
    return this.lengths.slice(1).map((behind, i) => ({
      at: sumBy(this.lengths.slice(0, i + 1)),
      before: this.lengths[i]!,
      behind,
    }))
  }

  /** The run with the move made, if it takes those steps in that order and passes. */
  private passing({ at, back, forward }: Move): Execution | null {
    if (this.executions >= this.movesMax) this.spent = true
    if (this.spent) return null
    this.executions++
    const keys = exchanged(this.keys, at, back, forward)
    const { execution, failed } = this.execute(this.of, relaxed(keys))
    // The corner's two steps, and all before them.
    const before = keys.slice(0, at - back + forward + 1)
    return !failed && before.every((key, i) => isSame(key, execution.steps[i])) ? execution : null
  }
}

function isSame(one: StepKey, other: StepKey | undefined): boolean {
  return one.option === other?.option && one.op === other.op && one.label === other.label
}
