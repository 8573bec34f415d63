/** Wait queues, with timeouts that fire when the schedule says so. */
import { pull } from 'lodash'
import { unwatched } from '../../engine/happens-before'
import { define, symbol } from '../../engine/symbol'
import { point, until, type Task } from '../../engine/task'
import {
  might_sleep,
  schedule,
  schedule_timeout,
  wait_event_timeout,
  wake_up_all,
} from '../../spec/headers/sched'
import type { wait_queue_entry, wait_queue_head } from '../../spec/headers/types'
import { current } from './sched'
import { atomic_fields, struct } from './slab'

export const wait_queue = struct('wq', (): wait_queue_head => ({ name: '', waiters: [] }))
atomic_fields('wq')

/** Milliseconds are jiffies here. */
export const msecs_to_jiffies = (milliseconds: number): number => milliseconds

define(schedule_timeout, function* (wq, woken, timeout) {
  schedule('wait')
  const inTime = yield* until('sleep on', wq, woken, { mayTimeOut: true })
  return inTime ? Math.max(1, timeout - 1) : 0
})

define(wait_event_timeout, function* (wq, condition, timeout) {
  might_sleep()
  yield* point('wait_event_timeout', wq)
  let left = timeout
  while (!unwatched(condition)) {
    if (left === 0) return 0
    // Queued before the condition was last tested false: no wake-up falls between the two.
    const entry = prepare_to_wait(wq)
    left = yield* schedule_timeout(wq, () => entry.woken, left)
    pull(wq.waiters, entry)
  }
  return Math.max(1, left)
})

/**
 * Waits until `condition()`, for as long as it takes: lockdep does not see for whom
 * (002:1891-1896).
 */
export const wait_event = symbol(
  'wait_event',
  function* (wq: wait_queue_head, condition: () => boolean): Task<void> {
    might_sleep()
    yield* point('wait_event', wq)
    while (!unwatched(condition)) {
      const entry = prepare_to_wait(wq)
      schedule('wait')
      yield* until('sleep on', wq, () => entry.woken)
      pull(wq.waiters, entry)
    }
  },
)

define(wake_up_all, (wq) => {
  for (const waiter of wq.waiters) waiter.woken = true
})

function prepare_to_wait(wq: wait_queue_head): wait_queue_entry {
  const entry = { task: current().pid, woken: false }
  wq.waiters.push(entry)
  return entry
}
