/** Spinlocks: never sleep, and their holder is atomic. */
import { Oops } from '../../engine/errors'
import { define, symbol } from '../../engine/symbol'
import { point, spinUntil, type AtomicTask } from '../../engine/task'
import { spin_lock, spin_trylock, spin_unlock } from '../../spec/headers/locking'
import type { spinlock_t } from '../../spec/headers/types'
import { lock_acquire, lock_release } from './lockdep'
import {
  current,
  local_irq_restore,
  local_irq_save,
  preempt_disable,
  preempt_enable,
} from './sched'
import { atomic_fields, struct } from './slab'

export const spinlock = struct('spinlock', (): spinlock_t => ({ name: '', owner: null, triers: 0 }))
atomic_fields('spinlock')

/** Spins until it is free; allowed wherever blocking is not (002:159-162). */
define(spin_lock, function* (lock) {
  lock_acquire(lock, {})
  yield* spinUntil(
    'spin_lock',
    lock,
    () => lock.owner === null,
    () => (lock.owner === null ? [] : [lock.owner]),
  )
  take(lock)
  yield* whileTried(lock)
})

define(spin_trylock, function* (lock) {
  lock.triers++
  yield* point('spin_trylock', lock)
  lock.triers--
  if (lock.owner !== null) return 0
  lock_acquire(lock, { trylock: true })
  take(lock)
  return 1
})

/**
 * Lets the lock go; only its owner may. The task can be preempted again. Linux's own
 * (include/linux/spinlock.h).
 */
define(spin_unlock, (lock) => {
  if (lock.owner !== current().pid)
    throw new Oops(`spin_unlock of ${lock.name}, held by another task`)
  lock_release(lock)
  lock.owner = null
  preempt_enable()
})

/** With interrupts off until the restore; returns what they were (000:3088). */
export const spin_lock_irqsave = symbol(
  'spin_lock_irqsave',
  function* (lock: spinlock_t): AtomicTask<boolean> {
    const flags = local_irq_save()
    yield* spin_lock(lock)
    return flags
  },
)

/** Lets the lock go, and then interrupts be what they were (000:3122-3126). */
export const spin_unlock_irqrestore = symbol(
  'spin_unlock_irqrestore',
  (lock: spinlock_t, flags: boolean): void => {
    spin_unlock(lock)
    local_irq_restore(flags)
  },
)

function take(lock: spinlock_t): void {
  lock.owner = current().pid
  preempt_disable()
}

/**
 * A point with the lock held, where somebody about to try it can find it taken. The model's own.
 */
export function* whileTried(lock: { readonly name: string; triers: number }): AtomicTask<void> {
  if (lock.triers > 0) yield* point('holding', lock)
}
