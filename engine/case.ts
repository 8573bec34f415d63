/** Cases, what the minimiser shrinks: tasks with their operations, and how they are cut and rearranged. */
import { sum } from 'lodash'
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

/** The case with one operation moved into another busy task, anywhere in its list. */
export function* withOneMoved(of: Case): Generator<Case> {
  for (const moved of operationsOf(of)) {
    const rest = without(of, [moved])
    const text = of.tasks[moved.task]!.ops[moved.op]!
    for (const [to, task] of rest.tasks.entries()) {
      if (to === moved.task || task.ops.length === 0) continue
      for (let at = 0; at <= task.ops.length; at++)
        yield {
          world: of.world,
          tasks: rest.tasks.with(to, { ...task, ops: task.ops.toSpliced(at, 0, text) }),
        }
    }
  }
}
