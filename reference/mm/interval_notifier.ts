/**
 * Interval notifiers, as Linux has them from 5.5 on: who is told of a pass is found by its interval, and a sequence
 * for each mm tells readers that they collided.
 *
 * The sequence is odd while an invalidation of some interval notifier is under way. Then the tree does not change:
 * what is inserted or removed meanwhile waits for the end of the last pass (deferred_list). A reader's own sequence
 * equals the mm's only while it is being invalidated, so comparing the two says whether to wait.
 */
import { pull } from 'lodash'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import {
  mmu_interval_notifier_insert,
  mmu_interval_notifier_remove,
  mmu_interval_read_begin,
  mmu_interval_read_retry,
  mmu_interval_set_seq,
  mn_itree_inv_end,
  mn_itree_invalidate,
  mn_itree_release,
} from '../../spec/headers/interval_notifier'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import { mmdrop, mmgrab } from '../../spec/headers/mm'
import { wake_up_all } from '../../spec/headers/sched'
import {
  EAGAIN,
  MMU_NOTIFIER_RANGE_BLOCKABLE,
  MMU_NOTIFY_CLEAR,
  type mm_struct,
  type mmu_interval_notifier,
  type mmu_interval_subscriptions,
  type mmu_notifier_range,
} from '../../spec/headers/types'
import { everyPage } from '../hardware/memory'
import { READ_ONCE, WRITE_ONCE } from '../kernel/access'
import { WARN_ON } from '../kernel/bug'
import { atomic_fields, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { wait_event, wait_queue } from '../kernel/wait'
import {
  mm_drop_all_locks,
  mm_take_all_locks,
  mmu_notifier_mm_init,
  mmu_notifier_range_blockable,
} from './mmu_notifier'

/** Even, and odd sequences are never returned for what is quiet. */
const firstSequence = 2

export const mmu_interval_notifier_struct = struct('interval', (): mmu_interval_notifier => ({
  ops: null as never,
  mm: null as never,
  start: 0,
  end: 0,
  invalidate_seq: 0,
}))
atomic_fields('interval', 'invalidate_seq')

const subscriptions_alloc = struct('interval_subscriptions', (): mmu_interval_subscriptions => ({
  lock: spinlock({ name: 'mmu_notifier_subscriptions' }),
  wq: wait_queue({ name: 'subscriptions.wq' }),
  invalidate_seq: firstSequence,
  active_invalidate_ranges: 0,
  itree: [],
  deferred_list: [],
}))
atomic_fields('interval_subscriptions', 'invalidate_seq')

// ---- passes ------------------------------------------------------------------------------------------------

/**
 * Tells every notifier in the interval; if one would have to block, the pass is over for all of them. Linux's own
 * (mm/mmu_notifier.c).
 */
define(mn_itree_invalidate, function* (range) {
  const { found, cur_seq } = yield* inv_start_range(range)
  for (const sub of found) {
    if (yield* sub.ops.invalidate!(sub, range, cur_seq)) continue
    if (
      WARN_ON(
        mmu_notifier_range_blockable(range),
        'an interval notifier refused a pass that may block',
      )
    )
      continue
    yield* mn_itree_inv_end(range)
    return -EAGAIN
  }
  return 0
})

/** Counts a pass; if it concerns somebody the sequence is odd from now on. Linux's own (mm/mmu_notifier.c). */
export const inv_start_range = symbol(
  'inv_start_range',
  function* (range: mmu_notifier_range): AtomicTask<{
    readonly found: readonly mmu_interval_notifier[]
    readonly cur_seq: number
  }> {
    const subs = subscriptionsOf(range.mm)
    yield* spin_lock(subs.lock)
    subs.active_invalidate_ranges++
    const found = subs.itree.filter((sub) => sub.start < range.end && range.start < sub.end)
    if (found.length > 0) subs.invalidate_seq |= 1
    const cur_seq = subs.invalidate_seq
    spin_unlock(subs.lock)
    return { found, cur_seq }
  },
)

/** The last end brings the tree up to date, and makes the sequence even. Linux's own (mm/mmu_notifier.c). */
define(mn_itree_inv_end, function* ({ mm }) {
  const subs = subscriptionsOf(mm)
  yield* spin_lock(subs.lock)
  if (--subs.active_invalidate_ranges > 0 || !is_invalidating(subs)) {
    spin_unlock(subs.lock)
    return
  }
  subs.invalidate_seq++
  add_deferred(subs)
  spin_unlock(subs.lock)
  wake_up_all(subs.wq)
})

/** A notifier is deferred either to come or to go. Linux's own (mm/mmu_notifier.c). */
export const add_deferred = symbol('add_deferred', (subs: mmu_interval_subscriptions): void => {
  for (const sub of subs.deferred_list.splice(0))
    if (subs.itree.includes(sub)) pull(subs.itree, sub)
    else subs.itree.push(sub)
})

/** A pass of its own over everything, which may block and so is not refused. Linux's own (mm/mmu_notifier.c). */
define(mn_itree_release, function* (mm) {
  const flags = MMU_NOTIFIER_RANGE_BLOCKABLE
  const range = { mm, start: 0, end: everyPage, flags, event: MMU_NOTIFY_CLEAR }
  yield* mn_itree_invalidate(range)
  yield* mn_itree_inv_end(range)
})

// ---- readers -----------------------------------------------------------------------------------------------

/** Waits until what its sequence says is under way is over. Linux's own (mm/mmu_notifier.c). */
define(mmu_interval_read_begin, function* (sub) {
  const subs = subscriptionsOf(sub.mm)
  yield* spin_lock(subs.lock)
  const seq = READ_ONCE(() => sub.invalidate_seq)
  const isInvalidating = seq === subs.invalidate_seq
  spin_unlock(subs.lock)
  // Odd, and the mm's: the sequence changes when the last pass ends.
  if (isInvalidating) yield* wait_event(subs.wq, () => subs.invalidate_seq !== seq)
  return seq
})

/** Whether an invalidation has met the reader since. Linux's own (include/linux/mmu_notifier.h). */
define(mmu_interval_read_retry, (sub, seq) => READ_ONCE(() => sub.invalidate_seq) !== seq)

/** Has every reader of the interval read again. Linux's own (include/linux/mmu_notifier.h). */
define(mmu_interval_set_seq, (sub, cur_seq) => {
  WRITE_ONCE(() => {
    sub.invalidate_seq = cur_seq
  })
})

// ---- coming and going ----------------------------------------------------------------------------------------

/** Linux's own (mm/mmu_notifier.c). */
define(mmu_interval_notifier_insert, function* (sub, mm, start, end) {
  if (!READ_ONCE(() => mm.mmu_notifier_mm)?.intervals) yield* interval_subscriptions_init(mm)
  sub.mm = mm
  sub.start = start
  sub.end = end
  yield* mmgrab(mm)
  const subs = subscriptionsOf(mm)
  yield* spin_lock(subs.lock)
  add_interval(subs, sub)
  spin_unlock(subs.lock)
  return 0
})

/**
 * Adds a notifier, or has it added. While passes are open it counts as hit until the last of them ends. Linux's own
 * (mm/mmu_notifier.c).
 */
export const add_interval = symbol(
  'add_interval',
  (subs: mmu_interval_subscriptions, sub: mmu_interval_notifier): void => {
    if (subs.active_invalidate_ranges === 0) {
      // Odd, and no sequence that the mm will have.
      sub.invalidate_seq = subs.invalidate_seq - 1
      subs.itree.push(sub)
      return
    }
    if (is_invalidating(subs)) subs.deferred_list.push(sub)
    else {
      subs.invalidate_seq |= 1
      subs.itree.push(sub)
    }
    sub.invalidate_seq = subs.invalidate_seq
  },
)

/** The first interval notifier of an mm comes where no pass is open: every pass counts for all or for none. */
function* interval_subscriptions_init(mm: mm_struct): Task<void> {
  yield* down_write(mm.mmap_sem)
  if (!mm.mmu_notifier_mm) yield* mmu_notifier_mm_init(mm)
  const locked = yield* mm_take_all_locks(mm)
  const list = mm.mmu_notifier_mm!
  if (!list.intervals) list.intervals = subscriptions_alloc()
  mm_drop_all_locks(locked)
  up_write(mm.mmap_sem)
}

/** Waits until no pass can find it. Linux's own (mm/mmu_notifier.c). */
define(mmu_interval_notifier_remove, function* (sub) {
  const subs = subscriptionsOf(sub.mm)
  yield* spin_lock(subs.lock)
  const seq = is_invalidating(subs) ? subs.invalidate_seq : 0
  let waits = false
  if (seq === 0) pull(subs.itree, sub)
  else if (!subs.itree.includes(sub)) pull(subs.deferred_list, sub)
  else {
    subs.deferred_list.push(sub)
    waits = true
  }
  spin_unlock(subs.lock)
  if (waits) yield* wait_event(subs.wq, () => subs.invalidate_seq !== seq)
  yield* point('removed')
  yield* mmdrop(sub.mm)
})

/** Whether a pass is open that concerns some interval notifier. Linux's own (mm/mmu_notifier.c). */
export function is_invalidating({ invalidate_seq }: mmu_interval_subscriptions): boolean {
  return (invalidate_seq & 1) === 1
}

function subscriptionsOf(mm: mm_struct): mmu_interval_subscriptions {
  return mm.mmu_notifier_mm!.intervals!
}
