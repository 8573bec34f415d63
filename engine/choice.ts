/** Sources of choices: the only nondeterminism of a run. */
/**
 * One way a run can go on: a task takes its next step, or its timeout fires. Encoded as
 * `2 * task + (timeout ? 1 : 0)`.
 */
export type Option = number

export const optionTask = (option: Option): number => option >> 1
export const stepOf = (task: number): Option => 2 * task
export const isTimeout = (option: Option): boolean => (option & 1) === 1

/**
 * Picks among `count` options: [the current task if it can go on, the other tasks by id, timeouts by
 * id]. 0 keeps running; out of range is 0. Asked only where there is more than one option.
 */
export interface Choice {
  pick(
    options: readonly Option[],
    count: number,
    positionOf: (task: number) => Position | null,
  ): number
  /** Who draws: a strategy's name. */
  readonly by?: string
  /** Asked before every step, also where there is one option; a negative answer gives the run up. */
  readonly always?: boolean
  /** Told of every step, whether or not there was a choice. */
  took?(option: Option, position: Position): void
}

/** Always keeps running: the schedule with the fewest switches. */
export const keepRunning: Choice = { pick: () => 0 }

/** Takes recorded choices in order, then keeps running. */
export function recorded(choices: readonly number[]): Choice {
  let at = 0
  return { pick: () => choices[at++] ?? 0 }
}

/** Choices without the zeros at the end, which is what follows anyway. */
export function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1)
}

/** Where a task stands: the operation it is in, and what it is about to do. */
export interface Position {
  readonly op: number
  readonly point: { readonly label: string; readonly subject: unknown } | null
  /** It serves the others: there may never again be anything for it to do. */
  readonly daemon: boolean
}

/** A step by what it is rather than by when it was: it survives the removal of other operations. */
export interface StepKey {
  readonly option: Option
  readonly op: number
  readonly label: string
}

/**
 * Follows recorded steps as far as they are still possible, and keeps running where they are not.
 *
 * A step that its task will not take any more is skipped; a step that was not recorded is taken when
 * the recorded one behind it is due; a task that has to wait is waited for, unless it is a daemon.
 */
export function relaxed(path: readonly StepKey[]): Choice {
  let at = 0
  const remains = ({ option, op }: StepKey, label: string): boolean =>
    path.some((key, i) => i > at && key.option === option && key.op === op && key.label === label)
  const vanished = (key: StepKey, position: Position | null): boolean => {
    if (!position?.point || position.op > key.op) return true
    const { label } = position.point
    return position.op === key.op && label !== key.label && remains(key, label)
  }
  return {
    pick(options, count, positionOf) {
      for (; at < path.length; at++) {
        const { option } = path[at]!
        const position = positionOf(optionTask(option))
        if (vanished(path[at]!, position)) continue
        for (let i = 0; i < count; i++) if (options[i] === option) return i
        if (!position!.daemon) return 0
      }
      return 0
    },
    took(option, { op, point }) {
      const key = path[at]
      if (key?.option === option && key.op === op && key.label === point?.label) at++
    },
  }
}
