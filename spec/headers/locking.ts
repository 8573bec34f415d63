/** Locks and reference counts. What a lock protects is said where the lock is declared. */
import { id } from '../../engine/ids'
import { atomic, bool, int, plain, task } from '../../engine/symbol'
import type { AtomicTask } from './seam'
import type { kref, mutex, rcu_head, rw_semaphore, spinlock_t, srcu_struct } from './types'

const shown = (lock: { readonly name: string }) => ({ lock: id('lock', lock), name: lock.name })

export const spin_lock = atomic('spin_lock', (lock: spinlock_t) => shown(lock))
/** Never spins; 1 if it took the lock. */
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
/** Several locks of one kind at a time, in no order: `nest` is held and keeps others from doing so too. */
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

/** Legal only while a reference is held by other means. */
export const kref_get = atomic('kref_get', (kref: kref) => ({ kref: id('kref', kref) }))
/** False when the object is already being freed. */
export const kref_get_unless_zero = atomic(
  'kref_get_unless_zero',
  (kref: kref) => ({ kref: id('kref', kref) }),
  bool,
)
/** Drops a reference; the last runs `release`, once, at once. True if it did. */
export const kref_put = atomic(
  'kref_put',
  (kref: kref, _release: (kref: kref) => AtomicTask<void>) => ({ kref: id('kref', kref) }),
  bool,
)

/** Opens a read section that may sleep; returns its cookie. */
export const srcu_read_lock = atomic(
  'srcu_read_lock',
  (ssp: srcu_struct) => ({ srcu: id('srcu', ssp) }),
  int,
)
export const srcu_read_unlock = plain('srcu_read_unlock', (ssp: srcu_struct, idx: number) => ({
  srcu: id('srcu', ssp),
  idx,
}))
/** Runs `head.func` in atomic context once every read section open now has ended. */
export const call_srcu = plain('call_srcu', (ssp: srcu_struct, head: rcu_head) => ({
  srcu: id('srcu', ssp),
  head: id('rcu_head', head),
}))
/** Waits until every read section open now has ended. */
export const synchronize_srcu = task('synchronize_srcu', (ssp: srcu_struct) => ({
  srcu: id('srcu', ssp),
}))
/** A callback runs, in atomic context. */
export const srcu_invoke_callback = atomic('srcu_invoke_callback', (head: rcu_head) => ({
  head: id('rcu_head', head),
}))
