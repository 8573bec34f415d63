import { outcomes } from '../../harness/fixtures/outcomes'
import { until } from '../../engine/task'
import {
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_trylock,
  spin_unlock,
  up_read,
  up_write,
} from '../../spec/headers/locking'
import { might_sleep } from '../../spec/headers/sched'
import { mutex_struct } from './mutex'
import { rwsem } from './rwsem'
import { in_atomic } from './sched'
import { spin_lock_irqsave, spin_unlock_irqrestore, spinlock } from './spinlock'

test('a mutex has one holder, and trying it never waits', () => {
  const found = outcomes((say) => {
    const lock = mutex_struct({ name: 'm' })
    return {
      *holder() {
        yield* mutex_lock(lock)
        mutex_unlock(lock)
      },
      *trier() {
        const taken = yield* mutex_trylock(lock)
        say(taken)
        if (taken) mutex_unlock(lock)
      },
    }
  })
  expect(found).toEqual(['0', '1'])
})

test('only its holder may unlock a mutex', () => {
  const found = outcomes(() => {
    const lock = mutex_struct({ name: 'm' })
    return {
      *stranger() {
        mutex_unlock(lock)
      },
    }
  })
  expect(found).toEqual(['oops'])
})

test('trying a spinlock tells whether it was free, and its holder is atomic', () => {
  const found = outcomes((say) => {
    const lock = spinlock({ name: 's' })
    return {
      *holder() {
        yield* spin_lock(lock)
        spin_unlock(lock)
      },
      *trier() {
        const taken = yield* spin_trylock(lock)
        say(`${taken} ${in_atomic()}`)
        if (taken) spin_unlock(lock)
      },
    }
  })
  expect(found).toEqual(['0 false', '1 true'])
})

test('interrupts come back as they were when the innermost lock was taken', () => {
  const found = outcomes(() => {
    const [outer, inner] = [spinlock({ name: 'outer' }), spinlock({ name: 'inner' })]
    return {
      *task() {
        const before = yield* spin_lock_irqsave(outer)
        const within = yield* spin_lock_irqsave(inner)
        spin_unlock_irqrestore(inner, within)
        might_sleep()
        spin_unlock_irqrestore(outer, before)
        might_sleep()
      },
    }
  })
  expect(found).toEqual(['[sleeping function called from invalid context]'])
})

test('a writer that is queued keeps out those who only try, and readers who come later', () => {
  const found = outcomes((say) => {
    const sem = rwsem({ name: 'sem' })
    let tried = false
    return {
      *first() {
        yield* down_read(sem)
        yield* until('somebody has tried', undefined, () => tried)
        up_read(sem)
      },
      *writer() {
        yield* until('somebody reads', undefined, () => sem.readers.length > 0)
        yield* down_write(sem)
        say('written')
        up_write(sem)
      },
      *later() {
        yield* until('a writer is queued', undefined, () => sem.queue.length > 0)
        say(yield* down_read_trylock(sem))
        tried = true
        yield* down_read(sem)
        say('read')
        up_read(sem)
      },
    }
  })
  expect(found).toEqual(['0 written read'])
})

test('readers share, a writer does not, and trying to write fails while anybody holds it', () => {
  const found = outcomes((say) => {
    const sem = rwsem({ name: 'sem' })
    return {
      *reader() {
        yield* down_read(sem)
        say(yield* down_read_trylock(sem))
        say(yield* down_write_trylock(sem))
        up_read(sem)
        up_read(sem)
        say(yield* down_write_trylock(sem))
        say(yield* down_read_trylock(sem))
      },
    }
  })
  expect(found).toEqual(['1 0 1 0'])
})
