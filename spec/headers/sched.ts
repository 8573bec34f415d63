/** Scheduling, warnings, and the debugging checks of both. */
import { happening, int, plain, task } from '../../engine/symbol'
import { id } from '../../engine/ids'
import type { wait_queue_head } from './types'

/** A function that may sleep says so, whether or not it will. */
export const might_sleep = plain('might_sleep', () => ({}))
/** The task gives up the CPU until something wakes it. Linux's own (kernel/sched/core.c). */
export const schedule = plain('schedule', (why: string) => ({ why }))
/** Checks of a task that leaves the CPU: in `state`, of its own accord unless `preempt` (002:266-273). */
export const schedule_debug = plain('schedule_debug', (state: number, preempt: boolean) => ({
  state,
  preempt,
}))
/** Begins a section in which the task must not block; sections nest (002:219-220). */
export const non_block_start = plain('non_block_start', () => ({}))
export const non_block_end = plain('non_block_end', () => ({}))

/**
 * Sleeps until woken or until `timeout` jiffies have passed; returns the jiffies left, 0 if none.
 * Linux's own (kernel/time/timer.c).
 */
export const schedule_timeout = task(
  'schedule_timeout',
  (wq: wait_queue_head, _woken: () => boolean, timeout: number) => ({ wq: id('wq', wq), timeout }),
  int,
)

/**
 * Waits until `condition()`. Returns 0 if the timeout (jiffies) passed with the condition false, else
 * the jiffies left and at least 1 (000:2747-2748, 000:6994-7000).
 */
export const wait_event_timeout = task(
  'wait_event_timeout',
  (wq: wait_queue_head, _condition: () => boolean, timeout: number) => ({
    wq: id('wq', wq),
    timeout,
  }),
  int,
)

/** Wakes every waiter; each tests its condition again (000:3063). */
export const wake_up_all = plain('wake_up_all', (wq: wait_queue_head) => ({ wq: id('wq', wq) }))

/** A line of the kernel's log below the level of a warning. */
export const printk = happening('printk', (text: string) => ({ text }))
/** A WARN: something that should not be, survived. */
export const __warn = happening('__warn', (site: string) => ({ site }))
/** "BUG: sleeping function called from invalid context" and its like: reported, survived. */
export const debug_report = happening('debug_report', (report: string) => ({ report }))
