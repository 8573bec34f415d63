/** Cases, what the minimiser shrinks: tasks with their operations, and how they are cut and rearranged. */
import { range, sortBy, sum } from 'lodash'
import type { StepKey } from './choice'

export interface CaseTask {
  readonly name: string
  readonly ops: readonly string[]
}

/** What is run: a world, which the engine does not look into, and each task's operations. */
export interface Case {
  readonly world: string
  readonly tasks: readonly CaseTask[]
}

/** Where an operation stands: index of its task, and in that task's list. */
export interface Operation {
  readonly task: number
  readonly op: number
}

export function operationsOf({ tasks }: Case): Operation[] {
  return tasks.flatMap(({ ops }, task) => ops.map((_, op) => ({ task, op })))
}

/** The case without some operations; a task that is left with none stays, so that ids do. */
export function without({ world, tasks }: Case, dropped: readonly Operation[]): Case {
  const isDropped = (task: number, op: number) =>
    dropped.some((gone) => gone.task === task && gone.op === op)
  return {
    world,
    tasks: tasks.map(({ name, ops }, task) => ({
      name,
      ops: ops.filter((_, op) => !isDropped(task, op)),
    })),
  }
}

/** Steps of dropped operations go; those behind them move up. */
export function remap(
  keys: readonly StepKey[],
  dropped: readonly Operation[],
  firstTask: number,
): StepKey[] {
  return keys.flatMap((key) => {
    const gone = dropped.filter(({ task }) => task === (key.option >> 1) - firstTask)
    if (gone.some(({ op }) => op === key.op)) return []
    return [{ ...key, op: key.op - sum(gone.map(({ op }) => (op < key.op ? 1 : 0))) }]
  })
}

/** Every placement, each task's operations in some order: fewest tasks first, then by text. */
export function placements(ops: readonly string[]): string[][][] {
  let partial: string[][][] = [[]]
  for (const op of ops)
    partial = partial.flatMap((tasks) => [
      [...tasks, [op]],
      ...tasks.flatMap((task, t) =>
        range(task.length + 1).map((at) => tasks.with(t, task.toSpliced(at, 0, op))),
      ),
    ])
  const ordered = partial.map((tasks) => sortBy(tasks, (task) => task.join('+')))
  return sortBy(ordered, 'length', textOf)
}

/** Tasks' operations as one line, by which placements are ordered. */
export function textOf(tasks: readonly (readonly string[])[]): string {
  return tasks.map((ops) => ops.join('+')).join('/')
}
