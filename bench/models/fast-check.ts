/**
 * The same puzzles shrunk by fast-check alone: a workload and the choices of its schedule, both arrays of
 * its own, positional as in a recorded run, which of the encodings is the one that it shrinks best.
 */
import fc from 'fast-check'
import { sum } from 'lodash'
import { recorded, trimmed } from '../../engine/choice'
import { caseOf, executePuzzle, resultText, type Puzzle } from './puzzle'
import { operationsPerTask, operationsMin, taskCount, type Shrunk } from './start'

const choicesMax = 160
const runsMax = 50_000

/** Null if no generated run of the least size failed. */
export function shrinkByFastCheck(puzzle: Puzzle, seed: number): Shrunk | null {
  const operations = fc.array(fc.constantFrom(...puzzle.ops), {
    maxLength: operationsPerTask.max,
    size: 'max',
  })
  const workload = fc.array(operations, { minLength: 1, maxLength: taskCount, size: 'max' })
  const choices = fc.array(fc.nat(taskCount - 1), { maxLength: choicesMax, size: 'max' })
  let start = 0
  let skipped = 0
  let evaluations = 0
  let began = 0
  const passes = fc.property(workload, choices, (tasks, picks) => {
    const count = sum(tasks.map(({ length }) => length))
    // Only what is as large as the minimiser's starts may begin; what shrinks from it may be smaller.
    if (start === 0 && (tasks.length < taskCount || count < operationsMin)) return true
    const { failed } = executePuzzle(puzzle, caseOf(tasks), recorded(picks))
    if (start > 0) evaluations++
    else if (failed) {
      start = count
      began = performance.now()
    } else skipped++
    return !failed
  })
  const { counterexample } = fc.check(passes, { seed, numRuns: runsMax, unbiased: true })
  if (!counterexample) return null
  const ms = performance.now() - began
  return {
    ...normalised(puzzle, ...counterexample),
    start,
    skipped,
    evaluations,
    ms,
    certificate: null,
  }
}

/** Without idle tasks and choices that were never asked for, which fast-check does not know of. */
function normalised(puzzle: Puzzle, tasks: readonly string[][], picks: readonly number[]) {
  const busy = caseOf(tasks.filter(({ length }) => length > 0))
  const { execution, failed } = executePuzzle(puzzle, busy, recorded(picks))
  if (!failed) throw new Error(`${puzzle.name}: an idle task is needed for the failure`)
  return {
    text: resultText(busy, trimmed(execution.choices)),
    operations: sum(busy.tasks.map(({ ops }) => ops.length)),
    tasks: busy.tasks.length,
    preemptions: execution.preemptions,
  }
}
