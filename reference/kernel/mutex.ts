/** Mutexes: sleeping locks. A holder can be seen by one who is about to try the lock. */
import { Oops } from '../../engine/errors'
import { define } from '../../engine/symbol'
import { point, until } from '../../engine/task'
import { mutex_lock, mutex_trylock, mutex_unlock } from '../../spec/headers/locking'
import { might_sleep, schedule } from '../../spec/headers/sched'
import type { mutex } from '../../spec/headers/types'
import { lock_acquire, lock_release } from './lockdep'
import { current } from './sched'
import { atomic_fields, struct } from './slab'
import { whileTried } from './spinlock'

export const mutex_struct = struct('mutex', (): mutex => ({ name: '', owner: null, triers: 0 }))
atomic_fields('mutex')

/** Says that it may sleep before it looks whether it has to (002:4865-4867). */
define(mutex_lock, function* (lock) {
  might_sleep()
  lock_acquire(lock, {})
  yield* point('mutex_lock', lock)
  if (lock.owner !== null) {
    schedule(`mutex_lock ${lock.name}`)
    yield* until('mutex_lock', lock, () => lock.owner === null, {
      owners: () => (lock.owner === null ? [] : [lock.owner]),
    })
  }
  lock.owner = current().pid
  yield* whileTried(lock)
})

/** Never sleeps, so it says nothing (000:3082-3084). */
define(mutex_trylock, function* (lock) {
  lock.triers++
  yield* point('mutex_trylock', lock)
  lock.triers--
  if (lock.owner !== null) return 0
  lock_acquire(lock, { trylock: true })
  lock.owner = current().pid
  return 1
})

/** Lets the mutex go; only its owner may. Linux's own (kernel/locking/mutex.c). */
define(mutex_unlock, (lock) => {
  if (lock.owner !== current().pid)
    throw new Oops(`mutex_unlock of ${lock.name}, held by another task`)
  lock_release(lock)
  lock.owner = null
})
