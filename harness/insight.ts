/**
 * What a failing run depends on: the order of steps without which it passes, and the step behind which every way
 * to go on fails too.
 */
import type { Execute } from '../engine/attempts'
import type { Best } from '../engine/cost'
import { inevitability } from '../engine/inevitability'
import { nearestPassing } from '../engine/nearest'
import type { Execution } from '../engine/run'

export interface Insight {
  readonly nearest: NearestTold | null
  /** Moves of a block that were tried for it, and whether these were all. */
  readonly moves: { readonly tried: number; readonly all: boolean }
  readonly curve: Curve
}

/** A step by its number in the run, from 1, and what it does. */
export interface StepTold {
  readonly step: number
  readonly what: string
}

/** `step` must come after `after` and before `before`, as far as a single move shows it. */
export interface NearestTold {
  readonly step: StepTold
  readonly after: StepTold | null
  readonly before: StepTold | null
  /** The schedule that passes. */
  readonly choices: readonly number[]
}

export interface Curve {
  /** The number of the first step behind which all continuations fail; 0 if they do from the start. */
  readonly certain: number
  /** Random continuations behind every step. */
  readonly continuations: number
  /** The share of them that fails: before the first step, then behind each up to the objection. */
  readonly shares: readonly number[]
}

/** `told` is the failing run with labels; of its steps the first `count` lead to the objection. */
export function insightOf(
  execute: Execute,
  failing: Best,
  told: Execution,
  count: number,
): Insight {
  const stepTold = (index: number): StepTold => ({
    step: index + 1,
    what: told.steps[index]!.label,
  })
  const orNull = (index: number | null) => (index === null ? null : stepTold(index))
  const { nearest, complete, executions } = nearestPassing(execute, failing, { steps: count })
  const { certain, continuations, shares } = inevitability(execute, failing, { steps: count })
  return {
    nearest: nearest && {
      step: stepTold(nearest.step),
      after: orNull(nearest.after),
      before: orNull(nearest.before),
      choices: nearest.passing.choices,
    },
    moves: { tried: executions, all: complete },
    curve: { certain, continuations, shares },
  }
}

/** The steps that the sentences name. */
export function stepsNamed({ nearest, curve }: Insight): number[] {
  const named = [nearest?.step, nearest?.after, nearest?.before].flatMap((told) => told?.step ?? [])
  return curve.certain > 0 ? [...named, curve.certain] : named
}

/** One sentence about the order, one about what is inevitable. */
export function sentencesOf({ nearest, moves, curve }: Insight): string[] {
  return [nearest ? onlyIf(nearest) : nothingFound(moves), certainty(curve)]
}

function onlyIf({ step: { step, what }, after, before }: NearestTold): string {
  const named = `fails only if step ${step} (${what})`
  if (after && before) return `${named} falls between steps ${after.step} and ${before.step}`
  const bound = after ?? before!
  return `${named} comes ${after ? 'after' : 'before'} step ${bound.step} (${bound.what})`
}

function nothingFound({ tried, all }: Insight['moves']): string {
  if (tried === 0) return 'no schedule is one move away: fewer than two tasks take steps'
  return all
    ? `no schedule one move away passes (${tried} tried)`
    : `no schedule one move away was found to pass (${tried} tried, not all)`
}

function certainty({ certain, continuations, shares }: Curve): string {
  const all = `all of ${continuations} random continuations fail`
  if (certain === 0) return `certain from the start: ${all}`
  const before = Math.round(shares[certain - 1]! * continuations)
  return `certain from step ${certain}: ${all}, ${before} before it`
}
