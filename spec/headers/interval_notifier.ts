/** Interval notifiers, which took the place of HMM's mirrors in Linux 5.5: a sequence count tells of collisions. */
import { id } from '../../engine/ids'
import { atomic, bool, int, opsTable, plain, task } from '../../engine/symbol'
import { pass } from './mmu_notifier'
import type { mm_struct, mmu_interval_notifier, mmu_notifier_range } from './types'

const intervalId = (sub: mmu_interval_notifier) => ({ interval: id('interval', sub) })

const ops = {
  /** Drops what is derived of the range, after set_seq under the reader's lock. False: it would have to block. */
  invalidate: task(
    'mmu_interval_notifier_ops.invalidate',
    (sub: mmu_interval_notifier, range: mmu_notifier_range, cur_seq: number) => ({
      ...intervalId(sub),
      ...pass(range),
      cur_seq,
    }),
    bool,
  ),
}
export type mmu_interval_notifier_ops_decl = typeof ops
export const { invalidate } = ops
/** Fills in a struct mmu_interval_notifier_ops. */
export const mmu_interval_notifier_ops = opsTable(ops)

/** Adds a notifier of [start, end); during an invalidation it is added at its end. 0 or -errno. */
export const mmu_interval_notifier_insert = task(
  'mmu_interval_notifier_insert',
  (sub: mmu_interval_notifier, mm: mm_struct, start: number, end: number) => ({
    ...{ ...intervalId(sub), mm: id('mm', mm), start, end },
  }),
  int,
)
/** Removes a notifier, and returns when no callback of it runs or will run. */
export const mmu_interval_notifier_remove = task(
  'mmu_interval_notifier_remove',
  (sub: mmu_interval_notifier) => ({ ...intervalId(sub), mm: id('mm', sub.mm) }),
)
/** Begins to read: waits while an invalidation of the notifier is under way, and returns its sequence. */
export const mmu_interval_read_begin = task(
  'mmu_interval_read_begin',
  (sub: mmu_interval_notifier) => intervalId(sub),
  int,
)
/** Whether what was read since `seq` was returned has been invalidated. The caller holds its own lock. */
export const mmu_interval_read_retry = plain(
  'mmu_interval_read_retry',
  (sub: mmu_interval_notifier, seq: number) => ({ ...intervalId(sub), seq }),
  bool,
)
/** Has readers retry. Called in `invalidate`, under the lock that they hold for read_retry. */
export const mmu_interval_set_seq = plain(
  'mmu_interval_set_seq',
  (sub: mmu_interval_notifier, cur_seq: number) => ({ ...intervalId(sub), cur_seq }),
)

// ---- what the core does for them -------------------------------------------------------------------------

/** A pass begins: every notifier that it intersects is told. 0, or -EAGAIN and then nothing is left of it. */
export const mn_itree_invalidate = task('mn_itree_invalidate', pass, int)
/** A pass is over: with the last one, what was deferred is done and readers are woken. */
export const mn_itree_inv_end = atomic('mn_itree_inv_end', pass)
/** The address space ends: everybody is told of all of it. */
export const mn_itree_release = task('mn_itree_release', (mm: mm_struct) => ({ mm: id('mm', mm) }))
