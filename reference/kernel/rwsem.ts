/** Fair reader-writer semaphores: whoever queues first is served first, so a queued writer holds back later readers (000:6497-6498). */
import { Oops } from '../../engine/errors'
import { define } from '../../engine/symbol'
import { point, until, type AtomicTask, type Task } from '../../engine/task'
import {
  down_read,
  down_read_trylock,
  down_write,
  down_write_nest_lock,
  down_write_trylock,
  up_read,
  up_write,
} from '../../spec/headers/locking'
import { might_sleep, schedule } from '../../spec/headers/sched'
import type { rw_semaphore, rwsem_waiter } from '../../spec/headers/types'
import { lock_acquire, lock_release, type Acquisition } from './lockdep'
import { current } from './sched'
import { atomic_fields, struct } from './slab'
import { whileTried } from './spinlock'

export const rwsem = struct('rwsem', (): rw_semaphore => ({
  name: '',
  readers: [],
  writer: null,
  queue: [],
  triers: 0,
}))
atomic_fields('rwsem')

/** Waits for a writer, and for whoever is queued before (000:6497-6498). */
define(down_read, function* (sem) {
  yield* down('down_read', sem, 'read', { shared: true })
})

/**
 * Waits for everybody who holds it; says that it may sleep even where it is free (000:7360-7366).
 */
define(down_write, function* (sem) {
  yield* down('down_write', sem, 'write', {})
})

define(down_write_nest_lock, function* (sem, nest) {
  yield* down('down_write', sem, 'write', { nest })
})

/** Fails also when somebody is queued, whom it may not overtake (000:6497-6498). */
define(down_read_trylock, function* (sem) {
  return yield* down_trylock('down_read_trylock', sem, 'read')
})

/** Fails also when somebody is queued. Linux's own (kernel/locking/rwsem.c). */
define(down_write_trylock, function* (sem) {
  return yield* down_trylock('down_write_trylock', sem, 'write')
})

/** The last reader lets the head of the queue in. Linux's own (kernel/locking/rwsem.c). */
define(up_read, (sem) => {
  const at = sem.readers.indexOf(current().pid)
  if (at < 0) throw new Oops(`up_read of ${sem.name}, not held by this task`)
  lock_release(sem)
  sem.readers.splice(at, 1)
  serveQueue(sem)
})

/**
 * Lets the head of the queue in, and the readers right behind a reader. Linux's own
 * (kernel/locking/rwsem.c).
 */
define(up_write, (sem) => {
  if (sem.writer !== current().pid) throw new Oops(`up_write of ${sem.name}, not held by this task`)
  lock_release(sem)
  sem.writer = null
  serveQueue(sem)
})

type Mode = rwsem_waiter['mode']

function* down(verb: string, sem: rw_semaphore, mode: Mode, how: Acquisition): Task<void> {
  might_sleep()
  lock_acquire(sem, how)
  yield* point(verb, sem)
  if (grantable(sem, mode) && sem.queue.length === 0) grant(sem, mode, current().pid)
  else {
    schedule(`${verb} ${sem.name}`)
    const waiter: rwsem_waiter = { task: current().pid, mode, granted: false }
    sem.queue.push(waiter)
    yield* until(verb, sem, () => waiter.granted, { owners: () => aheadOf(sem, waiter) })
  }
  yield* whileTried(sem)
}

function* down_trylock(verb: string, sem: rw_semaphore, mode: Mode): AtomicTask<number> {
  sem.triers++
  yield* point(verb, sem)
  sem.triers--
  if (!grantable(sem, mode) || sem.queue.length > 0) return 0
  lock_acquire(sem, { trylock: true, shared: mode === 'read' })
  grant(sem, mode, current().pid)
  return 1
}

function grantable(sem: rw_semaphore, mode: Mode): boolean {
  return sem.writer === null && (mode === 'read' || sem.readers.length === 0)
}

function grant(sem: rw_semaphore, mode: Mode, task: number): void {
  if (mode === 'read') sem.readers.push(task)
  else sem.writer = task
}

/** Hands the lock to the head of the queue, and to the readers right behind a reader. */
function serveQueue(sem: rw_semaphore): void {
  for (let head = sem.queue[0]; head && grantable(sem, head.mode); head = sem.queue[0]) {
    sem.queue.shift()
    head.granted = true
    grant(sem, head.mode, head.task)
  }
}

/** Whom a waiter waits for: who holds it in a mode that excludes its own, and those who queued before it. */
function aheadOf(sem: rw_semaphore, waiter: rwsem_waiter): number[] {
  const queued = sem.queue.slice(0, Math.max(0, sem.queue.indexOf(waiter))).map(({ task }) => task)
  if (sem.writer !== null) return [sem.writer, ...queued]
  return waiter.mode === 'read' ? queued : [...sem.readers, ...queued]
}
