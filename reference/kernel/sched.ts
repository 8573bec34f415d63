/**
 * The current task and its context, sleeping, and the checks that sleeping is allowed.
 *
 * Left out: the idle task, and the time before the system runs.
 */
import { currentThread } from '../../engine/run'
import { perRun } from '../../engine/ids'
import { define } from '../../engine/symbol'
import {
  debug_report,
  might_sleep,
  non_block_end,
  non_block_start,
  schedule,
  schedule_debug,
} from '../../spec/headers/sched'
import { WARN_ON } from './bug'

/** A lock that a task holds, as lockdep knows it. */
export interface held_lock {
  readonly lock: object
  readonly name: string
  readonly exclusive: boolean
}

export interface task_struct {
  readonly pid: number
  /** Above 0 the task is atomic: under a spinlock, or in a callback of SRCU. */
  preempt_count: number
  irqs_disabled: boolean
  /** Above 0 the task is where blocking is forbidden. */
  non_block_count: number
  /** Allocations may not enter file systems. */
  memalloc_nofs: boolean
  readonly held_locks: held_lock[]
}

const fresh = (pid: number): task_struct => ({
  pid,
  preempt_count: 0,
  irqs_disabled: false,
  non_block_count: 0,
  memalloc_nofs: false,
  held_locks: [],
})

const booting = perRun(() => fresh(-1))

/**
 * The task that is running, or a stand-in while the world is built. Linux's own
 * (include/asm-generic/current.h).
 */
export function current(): task_struct {
  const thread = currentThread()
  if (!thread) return booting()
  thread.local ??= fresh(thread.id)
  return thread.local as task_struct
}

/** From here to the enable the task is atomic: preemption is off for real (002:4576-4578). */
export function preempt_disable(): void {
  current().preempt_count++
}

/** Takes one disable back. Linux's own (include/linux/preempt.h). */
export function preempt_enable(): void {
  current().preempt_count--
}

/** True under a spinlock and wherever else preemption is off (000:7349). */
export function in_atomic(): boolean {
  return current().preempt_count !== 0
}

/**
 * Turns interrupts off; returns whether they were off before, for the restore. Linux's own
 * (include/linux/irqflags.h).
 */
export function local_irq_save(): boolean {
  const task = current()
  const flags = task.irqs_disabled
  task.irqs_disabled = true
  return flags
}

/**
 * Interrupts are on or off again as the save found them. Linux's own (include/linux/irqflags.h).
 */
export function local_irq_restore(flags: boolean): void {
  current().irqs_disabled = flags
}

/** Reports wherever sleeping is forbidden, whether or not the caller will sleep (002:290-294). */
define(might_sleep, () => {
  const { irqs_disabled, non_block_count } = current()
  if (in_atomic() || irqs_disabled) debug_report('sleeping function called from invalid context')
  else if (non_block_count !== 0) debug_report('sleeping function called in a non-blocking section')
})

/** States of a task: one that leaves the CPU while it runs only lets others go first. */
export const TASK_RUNNING = 0
export const TASK_UNINTERRUPTIBLE = 2

define(schedule, () => schedule_debug(TASK_UNINTERRUPTIBLE, false))

/** Being preempted, and letting others go first, is no blocking (002:266-273). */
define(schedule_debug, (state, preempt) => {
  if (!preempt && state !== TASK_RUNNING && current().non_block_count !== 0)
    debug_report('scheduling in a non-blocking section')
})

define(non_block_start, () => {
  current().non_block_count++
})

/** An end too many is warned of and changes nothing (002:221-222). */
define(non_block_end, () => {
  if (!WARN_ON(current().non_block_count === 0, 'non_block_end without a start'))
    current().non_block_count--
})
