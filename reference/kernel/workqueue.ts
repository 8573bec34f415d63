/** Work queues: one worker a queue, which runs items in the order in which they were queued. */
import { reads, writes } from '../../engine/footprint'
import { spawn } from '../../engine/run'
import { define } from '../../engine/symbol'
import { point, until, type Task } from '../../engine/task'
import { might_sleep, schedule } from '../../spec/headers/sched'
import {
  flush_work,
  queue_work,
  type work_struct,
  type workqueue_struct,
} from '../../spec/headers/workqueue'
import { struct } from './slab'

export const WQ_MEM_RECLAIM = 1

export const work_struct_alloc = struct('work', (): work_struct => ({
  name: '',
  func: function* () {},
  pending: false,
  running: false,
}))

/** A queue and its worker, which serves for ever (002:1696-1699). */
export function alloc_workqueue(name: string, flags: number): workqueue_struct {
  const wq: workqueue_struct = { name, memReclaim: (flags & WQ_MEM_RECLAIM) !== 0, items: [] }
  spawn(`kworker/${name}`, () => worker_thread(wq), { daemon: true })
  return wq
}

define(queue_work, (wq, work) => {
  if (work.pending) return false
  writes(wq.name)
  work.pending = true
  wq.items.push(work)
  return true
})

/** A wait as good as a lock: whatever the item needs, the caller needs (000:6692). */
define(flush_work, function* (work) {
  might_sleep()
  yield* point('flush_work', work)
  if (!work.pending && !work.running) return
  schedule(`flush_work ${work.name}`)
  yield* until('flush_work', work, () => !work.pending && !work.running)
})

function* worker_thread(wq: workqueue_struct): Task<void> {
  for (;;) {
    yield* until('work for', wq, () => {
      reads(wq.name)
      return wq.items.length > 0
    })
    writes(wq.name)
    const work = wq.items.shift()!
    // Not pending while it runs: it can be queued again, and then runs again.
    work.pending = false
    work.running = true
    yield* work.func(work)
    work.running = false
  }
}
