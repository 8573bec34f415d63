/**
 * A driver that mirrors an interval by an interval notifier, in the pattern that its API asks for: read between
 * read_begin and read_retry, publish under the lock that `invalidate` takes, and try that lock where blocking is
 * forbidden.
 *
 * Left out: a device; what is published is a flag.
 */
import { symbol } from '../../engine/symbol'
import { point, type Task } from '../../engine/task'
import {
  mmu_interval_notifier_insert,
  mmu_interval_notifier_ops,
  mmu_interval_notifier_remove,
  mmu_interval_read_begin,
  mmu_interval_read_retry,
  mmu_interval_set_seq,
} from '../../spec/headers/interval_notifier'
import { mutex_lock, mutex_trylock, mutex_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc } from '../../spec/headers/mm'
import type {
  mm_struct,
  mmu_interval_notifier,
  mmu_notifier_range,
  mutex,
} from '../../spec/headers/types'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { mmu_interval_notifier_struct } from '../mm/interval_notifier'
import { mmu_notifier_range_blockable } from '../mm/mmu_notifier'

export interface interval_mirror {
  readonly notifier: mmu_interval_notifier
  readonly mutex: mutex
  /** What was read is in use. */
  published: boolean
}

const interval_mirror_struct = struct('interval_mirror', (): interval_mirror => ({
  notifier: mmu_interval_notifier_struct(),
  mutex: mutex_struct({ name: 'interval_mirror.mutex' }),
  published: false,
}))

/** Mirrors [start, end) once. The caller keeps the address space alive. The model's own. */
export const interval_mirror_use = symbol(
  'interval_mirror_use',
  function* (mm: mm_struct, start: number, end: number): Task<void> {
    const mirror = interval_mirror_struct()
    yield* kmalloc(mirror, GFP_KERNEL)
    mirror.notifier.ops = interval_mirror_ops
    if ((yield* mmu_interval_notifier_insert(mirror.notifier, mm, start, end)) === 0) {
      yield* interval_mirror_fault(mirror)
      yield* mmu_interval_notifier_remove(mirror.notifier)
    }
    yield* kfree(mirror)
  },
)

/** Reads until nothing collided, and publishes under the lock of the test (000:6283-6297). */
export const interval_mirror_fault = symbol(
  'interval_mirror_fault',
  function* (mirror: interval_mirror): Task<void> {
    for (;;) {
      const seq = yield* mmu_interval_read_begin(mirror.notifier)
      yield* point('read what is mapped')
      yield* mutex_lock(mirror.mutex)
      if (!mmu_interval_read_retry(mirror.notifier, seq)) break
      mutex_unlock(mirror.mutex)
    }
    mirror.published = true
    mutex_unlock(mirror.mutex)
  },
)

/** Sets the sequence under the lock of those who publish (000:6245-6246). */
export const interval_mirror_invalidate = symbol(
  'interval_mirror_invalidate',
  function* (
    sub: mmu_interval_notifier,
    range: mmu_notifier_range,
    cur_seq: number,
  ): Task<boolean> {
    const mirror = container_of<interval_mirror>(sub)
    if (mmu_notifier_range_blockable(range)) yield* mutex_lock(mirror.mutex)
    else if (!(yield* mutex_trylock(mirror.mutex))) return false
    mmu_interval_set_seq(sub, cur_seq)
    mirror.published = false
    mutex_unlock(mirror.mutex)
    return true
  },
)

const interval_mirror_ops = mmu_interval_notifier_ops({ invalidate: interval_mirror_invalidate })
