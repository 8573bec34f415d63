import { outcomes } from '../../harness/fixtures/outcomes'
import { kfree, kmalloc } from '../../spec/headers/mm'
import {
  GFP_ATOMIC,
  GFP_KERNEL,
  GFP_NOFS,
  GFP_NOIO,
  GFP_NOWAIT,
  __GFP_NOLOCKDEP,
  memalloc_nofs_restore,
  memalloc_nofs_save,
} from '../../spec/headers/gfp'
import {
  fs_reclaim_acquire,
  fs_reclaim_release,
  lock_map_acquire,
  lock_map_release,
  lockdep_assert_held,
  lockdep_assert_held_exclusive,
} from '../../spec/headers/lockdep'
import {
  down_read,
  down_write,
  down_write_nest_lock,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from '../../spec/headers/locking'
import {
  might_sleep,
  non_block_end,
  non_block_start,
  schedule_debug,
} from '../../spec/headers/sched'
import { point, type Task } from '../../engine/task'
import { lockdepLearnsIn, type LockGraph } from './lockdep'
import { mutex_struct } from './mutex'
import { rwsem } from './rwsem'
import { TASK_RUNNING, TASK_UNINTERRUPTIBLE } from './sched'
import { spinlock } from './spinlock'

/** What comes of one task alone. */
function alone(body: () => Task<unknown>): string[] {
  return outcomes(() => ({ task: body }))
}

const invalid = '[sleeping function called from invalid context]'
const section = '[sleeping function called in a non-blocking section]'

test('might_sleep reports under a spinlock and in a section, and nowhere else', () => {
  expect(
    alone(function* () {
      might_sleep()
    }),
  ).toEqual([''])
  const spinning = alone(function* () {
    const lock = spinlock({ name: 's' })
    yield* spin_lock(lock)
    might_sleep()
    spin_unlock(lock)
    might_sleep()
  })
  expect(spinning).toEqual([invalid])
})

test('sections nest, and an end too many is warned of and no more', () => {
  const nested = alone(function* () {
    non_block_start()
    non_block_start()
    non_block_end()
    might_sleep()
    non_block_end()
    might_sleep()
    non_block_end()
    might_sleep()
  })
  expect(nested).toEqual([`${section} [non_block_end without a start]`])
})

test.each([
  [TASK_UNINTERRUPTIBLE, false, true, '[scheduling in a non-blocking section]'],
  [TASK_UNINTERRUPTIBLE, false, false, ''],
  [TASK_UNINTERRUPTIBLE, true, true, ''],
  [TASK_UNINTERRUPTIBLE, true, false, ''],
  [TASK_RUNNING, false, true, ''],
  [TASK_RUNNING, false, false, ''],
  [TASK_RUNNING, true, true, ''],
  [TASK_RUNNING, true, false, ''],
])('leaving the CPU in state %i, preempted %s, in a section %s', (state, preempt, inside, says) => {
  const found = alone(function* () {
    if (inside) non_block_start()
    schedule_debug(state, preempt)
  })
  expect(found).toEqual([says])
})

test('a sleeping lock asks might_sleep although it is free; trying it does not', () => {
  const found = alone(function* () {
    const lock = mutex_struct({ name: 'm' })
    non_block_start()
    if (yield* mutex_trylock(lock)) mutex_unlock(lock)
    yield* mutex_lock(lock)
  })
  expect(found).toEqual([section])
})

test.each([
  ['GFP_KERNEL', GFP_KERNEL, invalid],
  ['GFP_NOFS', GFP_NOFS, invalid],
  ['GFP_NOIO', GFP_NOIO, invalid],
  ['GFP_NOWAIT', GFP_NOWAIT, ''],
  ['GFP_ATOMIC', GFP_ATOMIC, ''],
])('an allocation with %s under a spinlock', (_name, gfp, says) => {
  const found = alone(function* () {
    const lock = spinlock({ name: 's' })
    yield* spin_lock(lock)
    const memory = { bytes: 0 }
    yield* kmalloc(memory, gfp)
    yield* kfree(memory)
    spin_unlock(lock)
  })
  expect(found).toEqual([says])
})

test('two orders of two locks are reported although nobody is stuck', () => {
  const found = alone(function* () {
    const [a, b] = [mutex_struct({ name: 'a' }), mutex_struct({ name: 'b' })]
    yield* mutex_lock(a)
    yield* mutex_lock(b)
    mutex_unlock(b)
    mutex_unlock(a)
    yield* mutex_lock(b)
    yield* mutex_lock(a)
  })
  expect(found).toEqual(['[b -> a -> b]'])
})

test('the same order again, and a lock that was only tried, are no news', () => {
  const found = alone(function* () {
    const [a, b] = [mutex_struct({ name: 'a' }), mutex_struct({ name: 'b' })]
    for (let i = 0; i < 2; i++) {
      yield* mutex_lock(a)
      yield* mutex_lock(b)
      mutex_unlock(b)
      mutex_unlock(a)
    }
    yield* mutex_lock(b)
    yield* mutex_trylock(a)
  })
  expect(found).toEqual([''])
})

test('what one run taught is known in the next that is handed it, and in no other', () => {
  const graph: LockGraph = new Map()
  const inOrder = (first: string, second: string, learned?: LockGraph) =>
    outcomes(() => {
      if (learned) lockdepLearnsIn(learned)
      const [outer, inner] = [mutex_struct({ name: first }), mutex_struct({ name: second })]
      return {
        *task() {
          yield* mutex_lock(outer)
          yield* mutex_lock(inner)
        },
      }
    })
  expect(inOrder('a', 'b', graph)).toEqual([''])
  expect(inOrder('b', 'a')).toEqual([''])
  expect(inOrder('b', 'a', graph)).toEqual(['[b -> a -> b]'])
})

test('two locks of a kind are a recursion, unless a lock that is held orders them', () => {
  const twins = (nest: boolean) =>
    alone(function* () {
      const [a, b] = [rwsem({ name: 'twin' }), rwsem({ name: 'twin' })]
      const outer = rwsem({ name: 'outer' })
      yield* down_write(outer)
      yield* down_write(a)
      if (nest) yield* down_write_nest_lock(b, outer)
      else yield* down_write(b)
    })
  expect(twins(false)).toEqual(['[twin -> twin]'])
  expect(twins(true)).toEqual([''])
})

const underLock = (gfp: number, nofs = false) =>
  alone(function* () {
    const lock = mutex_struct({ name: 'm' })
    fs_reclaim_acquire(GFP_KERNEL)
    yield* mutex_lock(lock)
    mutex_unlock(lock)
    fs_reclaim_release(GFP_KERNEL)
    const flags = nofs ? memalloc_nofs_save() : 0
    yield* mutex_lock(lock)
    yield* kmalloc({ bytes: 0 }, gfp)
    mutex_unlock(lock)
    if (nofs) memalloc_nofs_restore(flags)
  })

test('an allocation under a lock that reclaim takes is reported only if it may enter file systems', () => {
  expect(underLock(GFP_KERNEL)).toEqual(['[m -> fs_reclaim -> m]'])
  expect(underLock(GFP_NOFS)).toEqual([''])
  expect(underLock(GFP_NOWAIT)).toEqual([''])
  expect(underLock(GFP_KERNEL, true)).toEqual([''])
  expect(underLock(GFP_KERNEL | __GFP_NOLOCKDEP)).toEqual([''])
})

test('a map joins what different tasks do in it, and keeps nobody waiting', () => {
  const found = outcomes(() => {
    const map = { name: 'map' }
    const lock = mutex_struct({ name: 'm' })
    return {
      *inside() {
        yield* point('begin')
        lock_map_acquire(map)
        yield* mutex_lock(lock)
        mutex_unlock(lock)
        lock_map_release(map)
      },
      *around() {
        yield* mutex_lock(lock)
        lock_map_acquire(map)
        lock_map_release(map)
        mutex_unlock(lock)
      },
    }
  })
  expect(found).toEqual(['[m -> map -> m]', '[map -> m -> map]'])
})

test('assertions tell a lock held for reading from one held for writing', () => {
  const found = alone(function* () {
    const sem = rwsem({ name: 'sem' })
    lockdep_assert_held(sem)
    yield* down_read(sem)
    lockdep_assert_held(sem)
    lockdep_assert_held_exclusive(sem)
    up_read(sem)
    yield* down_write(sem)
    lockdep_assert_held_exclusive(sem)
    up_write(sem)
  })
  expect(found).toEqual(['[sem is not held] [sem is not held for writing]'])
})
