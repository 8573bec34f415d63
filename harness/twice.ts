/** A run taken twice: verdicts mean something only if the same choices lead to the same run. */
import { isEqual } from 'lodash'
import { recorded } from '../engine/choice'
import type { Execution } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import type { LockGraph } from '../reference/kernel/lockdep'
import { runWorkload, type Workload } from './workload'

/**
 * Of so many runs of a campaign one is taken twice. A prime: else it would be, again and again, the same run
 * of a workload.
 */
export const oneRunIn = 97

/** What a run had when it was first taken. */
export interface Before {
  readonly kernel: Kernel
  readonly lockGraph: LockGraph
}

/** Takes a run again: how it went another way, or null. */
export function differenceWhenTakenAgain(
  { kernel, lockGraph }: Before,
  workload: Workload,
  first: Execution,
): string | null {
  return difference(first, runWorkload(kernel, workload, recorded(first.choices), { lockGraph }))
}

/** The first step or event that two runs do not have in common, said in a sentence. */
export function difference(first: Execution, second: Execution): string | null {
  const step = firstDifference(first.steps, second.steps)
  const event = firstDifference(first.events, second.events)
  if (event !== null) {
    const [once, again] = [first, second].map(({ events }) => told(events[event]))
    return `the same choices, taken again, lead to other events: event ${event} was ${once}, and then ${again}`
  }
  if (step !== null || !isEqual(first.widths, second.widths))
    return `the same choices, taken again, lead to other steps${step === null ? '' : ` from step ${step} on`}`
  return null
}

function firstDifference(one: readonly object[], other: readonly object[]): number | null {
  const length = Math.max(one.length, other.length)
  for (let at = 0; at < length; at++) if (!isEqual(one[at], other[at])) return at
  return null
}

function told(event: Execution['events'][number] | undefined): string {
  if (event === undefined) return 'missing'
  const { symbol, phase, task, step, result } = event
  const what = phase === 'call' ? symbol : `${symbol} -> ${String(result)}`
  return `${what} of task ${task} in step ${step}`
}
