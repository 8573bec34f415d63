/** The current task and its context, sleeping, and the checks that sleeping is allowed. */
import { currentThread } from '../../engine/run'
import { perRun } from '../../engine/ids'
import { define } from '../../engine/symbol'
import {
  debug_report,
  might_sleep,
  non_block_end,
  non_block_start,
  schedule,
} from '../../spec/headers/sched'
import { WARN_ON } from './bug'

export interface task_struct {
  readonly pid: number
  /** Above 0 the task is atomic: under a spinlock, or in a callback of SRCU. */
  preempt_count: number
  /** Above 0 the task is where blocking is forbidden. */
  non_block_count: number
}

const booting = perRun((): task_struct => ({ pid: -1, preempt_count: 0, non_block_count: 0 }))

/** The task that is running, or a stand-in while the world is built. */
export function current(): task_struct {
  const thread = currentThread()
  if (!thread) return booting()
  thread.local ??= { pid: thread.id, preempt_count: 0, non_block_count: 0 } satisfies task_struct
  return thread.local as task_struct
}

export function preempt_disable(): void {
  current().preempt_count++
}

export function preempt_enable(): void {
  current().preempt_count--
}

define(might_sleep, () => {
  const { preempt_count, non_block_count } = current()
  if (preempt_count !== 0) debug_report('sleeping function called from invalid context')
  else if (non_block_count !== 0) debug_report('sleeping function called in a non-blocking section')
})

define(schedule, () => {
  if (current().non_block_count !== 0) debug_report('scheduling in a non-blocking section')
})

define(non_block_start, () => {
  current().non_block_count++
})

define(non_block_end, () => {
  if (!WARN_ON(current().non_block_count === 0, 'non_block_end without a start'))
    current().non_block_count--
})
