/** What makes one failing case better than another. */
import { operationsOf, textOf, type Case } from './case'
import type { Execution } from './run'

/** A failing case, with a run of it. */
export interface Best {
  readonly case: Case
  readonly execution: Execution
}

/** Orders cases by what the engine does not know of: smaller numbers are simpler, the first counts most. */
export type Rank = (of: Case) => readonly number[]

/** What whoever made the cases knows of them. */
export interface Simplicity {
  /** Cases that are one step simpler in their world, names or arguments. */
  readonly simpler?: (of: Case) => Iterable<Case>
  /** Cases that are like this one, and neither smaller nor simpler as such: the likeliest to fail first. */
  readonly alternatives?: (of: Case) => Iterable<Case>
  /** Orders cases of as many operations, tasks and preemptions: compared from the left. */
  readonly rank?: Rank
}

/** Compared from the left: what a reader has to follow, then what is simpler to read. */
export function costOf(
  { case: of, execution }: Best,
  rank: Rank | undefined,
): readonly (number | string)[] {
  const busy = of.tasks.filter(({ ops }) => ops.length > 0).length
  return [
    operationsOf(of).length,
    busy,
    execution.preemptions,
    ...(rank?.(of) ?? []),
    textOf(of.tasks.map(({ ops }) => ops)),
  ]
}

export function isLower(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}
