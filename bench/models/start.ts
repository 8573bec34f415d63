/** Large random failures of a puzzle, and what the minimiser makes of them. */
import { range, sum } from 'lodash'
import type { Choice } from '../../engine/choice'
import { minimise, type Case } from '../../engine/minimise'
import { childSeed, random } from '../../engine/random'
import type { Execution } from '../../engine/run'
import { stickyWalk } from '../../engine/strategies/sticky'
import { caseOf, executePuzzle, resultText, type Puzzle } from './puzzle'

/** One failure and where it ended. */
export interface Shrunk {
  /** Operations that it had. */
  readonly start: number
  /** Runs as large that did not fail before it. */
  readonly skipped: number
  readonly text: string
  readonly operations: number
  readonly tasks: number
  readonly preemptions: number
  /** Re-executions of the search. */
  readonly evaluations: number
  /** Re-executions of the certificate, and whether it was given. */
  readonly certificate: { readonly executions: number; readonly certified: boolean } | null
  readonly ms: number
}

export const taskCount = 5
export const operationsPerTask = { min: 4, max: 8 }
/** With which every start has at least so many. */
export const operationsMin = taskCount * operationsPerTask.min
const attemptsMax = 50_000

interface Start {
  readonly start: Case
  readonly execution: Execution
  readonly skipped: number
}

/** The first random run of a seed that fails: a workload and a schedule of its own at every attempt. */
export function failureOf(puzzle: Puzzle, seed: number): Start | null {
  for (let skipped = 0; skipped < attemptsMax; skipped++) {
    const own = childSeed(seed, skipped)
    const next = random(own)
    const { min, max } = operationsPerTask
    const tasks = range(taskCount).map(() =>
      range(min + next(max - min + 1)).map(() => puzzle.ops[next(puzzle.ops.length)]!),
    )
    const start = caseOf(tasks)
    const { failed, execution } = executePuzzle(puzzle, start, stickyWalk(childSeed(own, 1)))
    if (failed) return { start, execution, skipped }
  }
  return null
}

export function shrinkByMinimiser(puzzle: Puzzle, seed: number): Shrunk | null {
  const failure = failureOf(puzzle, seed)
  if (!failure) return null
  const { start, execution, skipped } = failure
  const execute = (tried: Case, choice: Choice) => executePuzzle(puzzle, tried, choice)
  const began = performance.now()
  const minimal = minimise(execute, start, execution)
  const ms = performance.now() - began
  return {
    start: sum(start.tasks.map(({ ops }) => ops.length)),
    skipped,
    text: resultText(minimal.case, minimal.choices),
    operations: minimal.operations,
    tasks: minimal.case.tasks.length,
    preemptions: minimal.preemptions,
    evaluations: minimal.executions,
    certificate: minimal.certificate,
    ms,
  }
}
