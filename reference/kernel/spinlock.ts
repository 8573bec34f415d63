/** Spinlocks: never sleep, and their holder is atomic. */
import { Oops } from '../../engine/errors'
import { define } from '../../engine/symbol'
import { spinUntil } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import type { spinlock_t } from '../../spec/headers/types'
import { current, preempt_disable, preempt_enable } from './sched'
import { atomic_fields, struct } from './slab'

export const spinlock = struct('spinlock', (): spinlock_t => ({ name: '', owner: null }))
atomic_fields('spinlock')

define(spin_lock, function* (lock) {
  yield* spinUntil(
    'spin_lock',
    lock,
    () => lock.owner === null,
    () => (lock.owner === null ? [] : [lock.owner]),
  )
  lock.owner = current().pid
  preempt_disable()
})

define(spin_unlock, (lock) => {
  if (lock.owner !== current().pid)
    throw new Oops(`spin_unlock of ${lock.name}, held by another task`)
  lock.owner = null
  preempt_enable()
})
