/**
 * Sleepable RCU: read sections that may sleep, and grace periods that outlast all of them.
 *
 * Callbacks run in a worker, in atomic context (000:7365-7372), one at a time, in any order relative to
 * other tasks once their grace period is over.
 */
import { reads, writes } from '../../engine/footprint'
import { acquire, release } from '../../engine/happens-before'
import { spawn } from '../../engine/run'
import { define } from '../../engine/symbol'
import { point, until, type Task } from '../../engine/task'
import {
  call_srcu,
  srcu_invoke_callback,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
} from '../../spec/headers/locking'
import { might_sleep, schedule } from '../../spec/headers/sched'
import type { rcu_head, srcu_struct } from '../../spec/headers/types'
import { preempt_disable, preempt_enable } from './sched'
import { struct } from './slab'

export const rcu_head_struct = struct('rcu_head', (): rcu_head => ({ func: null }))

/** A domain and its worker. Linux's own (kernel/rcu/srcutree.c). */
export function init_srcu_struct(name: string): srcu_struct {
  const domain: srcu_struct = { name, readers: new Set(), nextCookie: 1, callbacks: [] }
  spawn(`kworker/${name}`, () => srcu_worker(domain), { daemon: true })
  return domain
}

define(srcu_read_lock, function* (ssp) {
  yield* point('srcu_read_lock')
  writes(ssp.name)
  acquire(ssp)
  const cookie = ssp.nextCookie++
  ssp.readers.add(cookie)
  return cookie
})

define(srcu_read_unlock, (ssp, idx) => {
  writes(ssp.name)
  release(ssp.readers)
  ssp.readers.delete(idx)
})

define(call_srcu, (ssp, head) => {
  writes(ssp.name)
  release(ssp)
  release(head)
  ssp.callbacks.push({ head, waitsFor: new Set(ssp.readers) })
})

define(synchronize_srcu, function* (ssp) {
  might_sleep()
  reads(ssp.name)
  release(ssp)
  const waitsFor = new Set(ssp.readers)
  yield* point('synchronize_srcu')
  if (!over(ssp, waitsFor)) {
    schedule('synchronize_srcu')
    yield* until('synchronize_srcu', undefined, () => over(ssp, waitsFor))
  }
  acquire(ssp.readers)
})

define(srcu_invoke_callback, function* (head) {
  yield* head.func!(head)
})

function* srcu_worker(ssp: srcu_struct): Task<void> {
  for (;;) {
    const ripe = () => {
      reads(ssp.name)
      return ssp.callbacks.findIndex(({ waitsFor }) => over(ssp, waitsFor))
    }
    yield* until('end of srcu grace period', undefined, () => ripe() >= 0)
    writes(ssp.name)
    const [callback] = ssp.callbacks.splice(ripe(), 1)
    acquire(ssp.readers)
    acquire(callback!.head)
    preempt_disable()
    yield* srcu_invoke_callback(callback!.head)
    preempt_enable()
  }
}

function over(ssp: srcu_struct, waitsFor: ReadonlySet<number>): boolean {
  reads(ssp.name)
  for (const cookie of waitsFor) if (ssp.readers.has(cookie)) return false
  return true
}
