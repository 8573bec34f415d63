/** The smallest failing cases of a puzzle, found by trying everything: any operations, tasks, schedules. */
import { uniqBy } from 'lodash'
import { placements, textOf, type Case } from '../../engine/case'
import { trimmed, type Choice } from '../../engine/choice'
import { enumerate } from '../../engine/enumerate'
import { caseOf, executePuzzle, resultText, type Puzzle } from './puzzle'

export interface Fewest {
  readonly operations: number
  /** Among failing cases of so many operations, on any number of tasks. */
  readonly preemptions: number
  /** Among failing cases of so many operations, whatever they preempt. */
  readonly tasks: number
  /** Among failing cases of so many operations on so many tasks. */
  readonly preemptionsOnTasks: number
  /** One case with the fewest operations and preemptions. */
  readonly example: string
  /** Schedules executed to know it. */
  readonly executions: number
}

interface Failing {
  readonly preemptions: number
  readonly text: string
}

export function fewestOf(puzzle: Puzzle): Fewest {
  const search = new Exhaustion(puzzle)
  for (let operations = 1; ; operations++) {
    const all = casesOf(puzzle.ops, operations)
    const found = search.cheapest(all)
    if (!found) continue
    for (let tasks = 1; ; tasks++) {
      const onTasks = search.cheapest(all.filter((tried) => tried.tasks.length === tasks))
      if (!onTasks) continue
      return {
        operations,
        preemptions: found.preemptions,
        tasks,
        preemptionsOnTasks: onTasks.preemptions,
        example: found.text,
        executions: search.executions,
      }
    }
  }
}

/** Bounds that are tried on every case before any is exhausted: most puzzles fail within them. */
const bounds = [0, 1, 2, Infinity]

class Exhaustion {
  executions = 0

  constructor(private readonly puzzle: Puzzle) {}

  /** A failing case with the fewest preemptions, or null if every schedule of every case passes. */
  cheapest(cases: readonly Case[]): Failing | null {
    for (const bound of bounds) {
      let best: Failing | null = null
      for (const tried of cases)
        best = this.failing(tried, best ? best.preemptions - 1 : bound) ?? best
      if (best) return best
    }
    return null
  }

  private failing(tried: Case, bound: number): Failing | null {
    let found: Failing | null = null
    let failed = false
    const attempt = (choice: Choice) => {
      const trial = executePuzzle(this.puzzle, tried, choice)
      failed = trial.failed
      return trial.execution
    }
    const { executions } = enumerate(attempt, bound, Infinity, ({ preemptions, choices }) => {
      if (failed) found = { preemptions, text: resultText(tried, trimmed(choices)) }
      return failed
    })
    this.executions += executions
    return found
  }
}

/** Every case of so many operations, those that differ in the order of tasks once. */
function casesOf(ops: readonly string[], operations: number): Case[] {
  return multisets(ops, operations)
    .flatMap((chosen) => uniqBy(placements(chosen), textOf))
    .map(caseOf)
}

function multisets(ops: readonly string[], size: number): string[][] {
  if (size === 0) return [[]]
  return ops.flatMap((op, at) => multisets(ops.slice(at), size - 1).map((rest) => [op, ...rest]))
}
