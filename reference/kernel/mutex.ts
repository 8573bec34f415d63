/** Mutexes: sleeping locks. A holder can be seen by one who is about to try the lock. */
import { Oops } from '../../engine/errors'
import { define } from '../../engine/symbol'
import { point, until, type AtomicTask } from '../../engine/task'
import { mutex_lock, mutex_trylock, mutex_unlock } from '../../spec/headers/locking'
import { might_sleep, schedule } from '../../spec/headers/sched'
import type { mutex } from '../../spec/headers/types'
import { current } from './sched'
import { atomic_fields, struct } from './slab'

export const mutex_struct = struct('mutex', (): mutex => ({ name: '', owner: null, triers: 0 }))
atomic_fields('mutex')

define(mutex_lock, function* (lock) {
  might_sleep()
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

define(mutex_trylock, function* (lock) {
  lock.triers++
  yield* point('mutex_trylock', lock)
  lock.triers--
  if (lock.owner !== null) return 0
  lock.owner = current().pid
  return 1
})

define(mutex_unlock, (lock) => {
  if (lock.owner !== current().pid)
    throw new Oops(`mutex_unlock of ${lock.name}, held by another task`)
  lock.owner = null
})

/** A point with the lock held, where somebody about to try it can find it taken. */
export function* whileTried(lock: { readonly name: string; triers: number }): AtomicTask<void> {
  if (lock.triers > 0) yield* point('holding', lock)
}
