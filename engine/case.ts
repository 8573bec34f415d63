/** Cases, what the minimiser shrinks: tasks with their operations, and how they are cut and rearranged. */
import { maxBy, range, sortBy, sum } from 'lodash'
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

/** The tasks that do something, in the order of what they do. */
export function busyInOrder({ tasks }: Case): CaseTask[] {
  const busy = tasks.filter(({ ops }) => ops.length > 0)
  return sortBy(busy, ({ ops }) => ops.join('+'))
}

/** The one of all cases that differ in idle tasks and in the order of the others. */
export function normal(of: Case): Case {
  const tasks = busyInOrder(of).map(({ ops }, i) => ({ name: of.tasks[i]!.name, ops }))
  return { world: of.world, tasks }
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

/** Steps as another case takes them whose tasks have lost an operation each at most: the least like what is left. */
export function aligned(
  keys: readonly StepKey[],
  before: Case,
  after: Case,
  firstTask: number,
): StepKey[] {
  const dropped = before.tasks.flatMap(({ ops }, task) => {
    const left = after.tasks[task]?.ops ?? []
    if (left.length !== ops.length - 1) return []
    const alike = (gone: number) =>
      sum(ops.toSpliced(gone, 1).map((op, at) => (op === left[at] ? 1 : 0)))
    return [{ task, op: maxBy(range(ops.length), alike)! }]
  })
  return remap(keys, dropped, firstTask)
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
