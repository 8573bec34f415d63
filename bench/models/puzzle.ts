/** Generic concurrency puzzles for the minimiser: a toy program with one planted defect. */
import { range } from 'lodash'
import type { Choice } from '../../engine/choice'
import type { End } from '../../engine/events'
import { executeToy, type Toy } from '../../engine/fixtures/toy'
import type { Case, Trial } from '../../engine/minimise'

export interface Puzzle<S = any> extends Toy<S> {
  readonly name: string
  /** A run that ends so fails, whatever the state says. */
  readonly badEnd?: End['kind']
}

/** Checks a puzzle's types and forgets those of its state. */
export function puzzle<S>(of: Puzzle<S>): Puzzle {
  return of
}

export function executePuzzle(of: Puzzle, tried: Case, choice: Choice): Trial {
  const { execution, failed } = executeToy(of, tried, choice)
  return { execution, failed: failed || execution.end.kind === of.badEnd }
}

/** A case of these tasks' operations. */
export function caseOf(tasks: readonly (readonly string[])[]): Case {
  return { world: '', tasks: range(tasks.length).map((i) => ({ name: `cpu${i}`, ops: tasks[i]! })) }
}

/** A case and a schedule as text: two results are distinct if these are. */
export function resultText({ tasks }: Case, choices: readonly number[]): string {
  return JSON.stringify([tasks.map(({ ops }) => ops.join(' ')), choices])
}
