/** Locks and reference counts. What a lock protects is said where the lock is declared. */
import { id } from '../../engine/ids'
import { atomic, bool, int, plain, task } from '../../engine/symbol'
import type { AtomicTask } from './seam'
import type { kref, mutex, rcu_head, rw_semaphore, spinlock_t, srcu_struct } from './types'

const shown = (lock: { readonly name: string }) => ({ lock: id('lock', lock), name: lock.name })

export const spin_lock = atomic('spin_lock', (lock: spinlock_t) => shown(lock))
/** Never spins; 1 if it took the lock. Linux's own (include/linux/spinlock.h). */
export const spin_trylock = atomic('spin_trylock', (lock: spinlock_t) => shown(lock), int)
export const spin_unlock = plain('spin_unlock', (lock: spinlock_t) => shown(lock))

export const mutex_lock = task('mutex_lock', (lock: mutex) => shown(lock))
/** Never sleeps; 1 if it took the lock. */
export const mutex_trylock = atomic('mutex_trylock', (lock: mutex) => shown(lock), int)
export const mutex_unlock = plain('mutex_unlock', (lock: mutex) => shown(lock))

export const down_read = task('down_read', (sem: rw_semaphore) => shown(sem))
/** Never sleeps; 1 if it took the lock. Fails also when a writer is queued. */
export const down_read_trylock = atomic('down_read_trylock', (sem: rw_semaphore) => shown(sem), int)
export const up_read = plain('up_read', (sem: rw_semaphore) => shown(sem))
export const down_write = task('down_write', (sem: rw_semaphore) => shown(sem))
/**
 * Several locks of one kind at a time, in no order: `nest` is held and keeps others from doing so
 * too. Linux's own (include/linux/rwsem.h).
 */
export const down_write_nest_lock = task(
  'down_write_nest_lock',
  (sem: rw_semaphore, nest: rw_semaphore) => ({ ...shown(sem), nest: id('lock', nest) }),
)
export const down_write_trylock = atomic(
  'down_write_trylock',
  (sem: rw_semaphore) => shown(sem),
  int,
)
export const up_write = plain('up_write', (sem: rw_semaphore) => shown(sem))

/** Legal only while a reference is held by other means (000:255-257). */
export const kref_get = atomic('kref_get', (kref: kref) => ({ kref: id('kref', kref) }))
/** False when the object is already being freed (000:131-133, 000:2460-2462). */
export const kref_get_unless_zero = atomic(
  'kref_get_unless_zero',
  (kref: kref) => ({ kref: id('kref', kref) }),
  bool,
)
/** Drops a reference; the last runs `release`, once, at once. True if it did (000:464). */
export const kref_put = atomic(
  'kref_put',
  (kref: kref, _release: (kref: kref) => AtomicTask<void>) => ({ kref: id('kref', kref) }),
  bool,
)

/** Opens a read section that may sleep; returns its cookie (000:2424-2428). */
export const srcu_read_lock = atomic(
  'srcu_read_lock',
  (ssp: srcu_struct) => ({ srcu: id('srcu', ssp) }),
  int,
)
/** Closes the section that the cookie names. Linux's own (include/linux/srcu.h). */
export const srcu_read_unlock = plain('srcu_read_unlock', (ssp: srcu_struct, idx: number) => ({
  srcu: id('srcu', ssp),
  idx,
}))
/**
 * Runs `head.func` in atomic context once every read section open now has ended (000:7365-7372).
 */
export const call_srcu = plain('call_srcu', (ssp: srcu_struct, head: rcu_head) => ({
  srcu: id('srcu', ssp),
  head: id('rcu_head', head),
}))
/** Waits until every read section open now has ended. Linux's own (kernel/rcu/srcutree.c). */
export const synchronize_srcu = task('synchronize_srcu', (ssp: srcu_struct) => ({
  srcu: id('srcu', ssp),
}))
/** A callback runs, in atomic context (000:7347-7372). */
export const srcu_invoke_callback = atomic('srcu_invoke_callback', (head: rcu_head) => ({
  head: id('rcu_head', head),
}))
