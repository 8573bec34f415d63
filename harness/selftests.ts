/**
 * Code that does what it must not, or all that it may, for the debugging checks to notice: locks of its own,
 * which nobody else takes, and nothing that can deadlock.
 */
import { perRun } from '../engine/ids'
import { type Task } from '../engine/task'
import {
  GFP_ATOMIC,
  GFP_KERNEL,
  GFP_NOFS,
  GFP_NOIO,
  GFP_NOWAIT,
  __GFP_NOLOCKDEP,
  memalloc_nofs_restore,
  memalloc_nofs_save,
} from '../spec/headers/gfp'
import { fs_reclaim_acquire, fs_reclaim_release } from '../spec/headers/lockdep'
import { mutex_lock, mutex_unlock, spin_lock, spin_unlock } from '../spec/headers/locking'
import { kfree, kmalloc } from '../spec/headers/mm'
import {
  might_sleep,
  non_block_end,
  non_block_start,
  schedule_debug,
  wait_event_timeout,
  wake_up_all,
} from '../spec/headers/sched'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../spec/headers/mmu_notifier'
import { clear_range, mm_struct_alloc } from '../reference/mm/mm_types'
import { mutex_struct } from '../reference/kernel/mutex'
import { TASK_RUNNING, TASK_UNINTERRUPTIBLE } from '../reference/kernel/sched'
import { struct } from '../reference/kernel/slab'
import { spinlock } from '../reference/kernel/spinlock'
import { wait_queue } from '../reference/kernel/wait'

const bench = struct('selftest', () => ({
  spin: spinlock({ name: 'selftest.spin' }),
  reclaimed: mutex_struct({ name: 'selftest.reclaimed' }),
  outer: mutex_struct({ name: 'selftest.twin' }),
  inner: mutex_struct({ name: 'selftest.twin' }),
  waited: mutex_struct({ name: 'selftest.waited' }),
  wq: wait_queue({ name: 'selftest.wq' }),
  done: false,
  mm: mm_struct_alloc({ name: 'mm without notifiers' }),
}))

/** The locks of all of them, made with the world. */
export const selftestLocks = perRun(() => bench())

const buffer = struct('selftest buffer', () => ({ bytes: 0 }))
const timeoutMilliseconds = 10

export const selftests: Readonly<Record<string, () => Task<unknown>>> = {
  /** Sleeping under a spinlock, were it to sleep (002:946-948). */
  *selftest_atomic() {
    const { spin } = selftestLocks()
    yield* spin_lock(spin)
    might_sleep()
    spin_unlock(spin)
  },
  /** Every way to leave the CPU, where blocking is forbidden and where it is not (002:266-273). */
  *selftest_schedule() {
    leaveTheCpu()
    non_block_start()
    leaveTheCpu()
    might_sleep()
    non_block_end()
  },
  /** An end without a start (002:222). */
  *selftest_unbalanced() {
    non_block_end()
    might_sleep()
  },
  /** A lock held over an allocation that may reclaim … (002:1686-1691) */
  *selftest_alloc() {
    const { reclaimed } = selftestLocks()
    yield* mutex_lock(reclaimed)
    yield* allocate(GFP_KERNEL)
    mutex_unlock(reclaimed)
  },
  /** … and taken by reclaim. */
  *selftest_reclaim() {
    const { reclaimed } = selftestLocks()
    fs_reclaim_acquire(GFP_KERNEL)
    yield* mutex_lock(reclaimed)
    mutex_unlock(reclaimed)
    fs_reclaim_release(GFP_KERNEL)
  },
  /** Allocations of every kind: first those that may not reclaim, while memory is still short if it is. */
  *selftest_gfp() {
    for (const gfp of [GFP_NOWAIT, GFP_ATOMIC, GFP_NOFS, GFP_NOIO, GFP_KERNEL | __GFP_NOLOCKDEP])
      yield* allocate(gfp)
    const flags = memalloc_nofs_save()
    yield* allocate(GFP_KERNEL)
    memalloc_nofs_restore(flags)
    yield* allocate(GFP_KERNEL)
  },
  /** Two locks of one kind, always in the same order (002:4964-4969). */
  *selftest_recursion() {
    const { outer, inner } = selftestLocks()
    yield* mutex_lock(outer)
    yield* mutex_lock(inner)
    mutex_unlock(inner)
    mutex_unlock(outer)
  },
  /** A pass over an address space that nobody listens to (002:1474-1476). */
  *selftest_unheard() {
    const { mm } = selftestLocks()
    const range = clear_range(mm, 0, 1)
    yield* mmu_notifier_invalidate_range_start(range)
    yield* mmu_notifier_invalidate_range_end(range)
  },
  /** Waits with a lock held … (002:1891-1905) */
  *selftest_wait() {
    const bench = selftestLocks()
    yield* mutex_lock(bench.waited)
    yield* wait_event_timeout(bench.wq, () => bench.done, timeoutMilliseconds)
    mutex_unlock(bench.waited)
  },
  /** … for one who needs it first. */
  *selftest_wake() {
    const bench = selftestLocks()
    yield* mutex_lock(bench.waited)
    bench.done = true
    wake_up_all(bench.wq)
    mutex_unlock(bench.waited)
  },
}

function leaveTheCpu(): void {
  for (const state of [TASK_RUNNING, TASK_UNINTERRUPTIBLE])
    for (const preempt of [false, true]) schedule_debug(state, preempt)
}

function* allocate(gfp: number): Task<void> {
  const bytes = buffer()
  yield* kmalloc(bytes, gfp)
  yield* kfree(bytes)
}
