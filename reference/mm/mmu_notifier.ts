/**
 * The mmu notifier core: who is told of an invalidation, in which order, and what is undone when one of
 * them cannot do it without blocking.
 *
 * The list is sorted by address and walked under SRCU; items are only ever removed concurrently, never
 * added, because registration excludes every pass (004:89-98). A pass that fails stops at the first
 * failure and ends exactly those it started: the listed notifiers with a lower address.
 */
import { partition, uniq } from 'lodash'
import { define, symbol } from '../../engine/symbol'
import { perRun } from '../../engine/ids'
import { point, type AtomicTask, type Task } from '../../engine/task'
import {
  call_srcu,
  down_write,
  down_write_nest_lock,
  spin_lock,
  spin_unlock,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
  up_write,
} from '../../spec/headers/locking'
import { kmalloc, mmdrop, mmgrab } from '../../spec/headers/mm'
import {
  __mmu_notifier_invalidate_range_end,
  __mmu_notifier_invalidate_range_start,
  __mmu_notifier_register,
  mmu_notifier_call_srcu,
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_invalidate_range_start_nonblock,
  mmu_notifier_register,
  mmu_notifier_release,
  mmu_notifier_unregister,
  mmu_notifier_unregister_no_release,
} from '../../spec/headers/mmu_notifier'
import {
  mn_itree_inv_end,
  mn_itree_invalidate,
  mn_itree_release,
} from '../../spec/headers/interval_notifier'
import { lock_map_acquire, lock_map_release, type lockdep_map } from '../../spec/headers/lockdep'
import { non_block_end, non_block_start, printk } from '../../spec/headers/sched'
import {
  EAGAIN,
  ENOMEM,
  MMU_NOTIFIER_RANGE_BLOCKABLE,
  MMU_NOTIFIER_RANGE_TRIAL,
} from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_interval_subscriptions,
  mmu_notifier,
  mmu_notifier_mm,
  mmu_notifier_range,
  rw_semaphore,
} from '../../spec/headers/types'
import { BUG_ON, WARN_ON } from '../kernel/bug'
import { hlist_del_init_rcu as unlink } from '../kernel/list'
import { GFP_KERNEL, addressOf, atomic_fields, should_failslab, struct } from '../kernel/slab'
import { init_srcu_struct } from '../kernel/srcu'
import { mmu_notifier_mm_alloc, rmap_lock } from './mm_types'

/** A notifier, to be embedded in its owner's struct. */
export const mmu_notifier_struct = struct('mn', (): mmu_notifier => ({
  ops: null as never,
  next: null,
  linked: false,
  may_refuse: false,
}))
// Walked under SRCU while entries are unlinked.
atomic_fields('mn', 'next', 'linked')

/** One domain for the notifiers of every mm (002:481-482). */
export const mmu_notifier_srcu = perRun(() => init_srcu_struct('srcu'))

/** One for all: what different notifiers do in their callbacks adds up (002:1434-1438). */
export const __mmu_notifier_invalidate_range_start_map: lockdep_map = {
  name: 'mmu_notifier_invalidate_range_start',
}

/** Whether the notifiers may block (002:470, 000:3080). */
export function mmu_notifier_range_blockable(range: mmu_notifier_range): boolean {
  return (range.flags & MMU_NOTIFIER_RANGE_BLOCKABLE) !== 0
}

// ---- passes ------------------------------------------------------------------------------------------

/** Begins a pass that cannot fail: whatever a notifier answers, the caller goes on (002:466-472). */
define(mmu_notifier_invalidate_range_start, function* (range) {
  // Also where nobody is registered: the order is learned all the same (002:1474-1476).
  lock_map_acquire(__mmu_notifier_invalidate_range_start_map)
  range.flags |= MMU_NOTIFIER_RANGE_BLOCKABLE
  if (range.mm.mmu_notifier_mm) yield* __mmu_notifier_invalidate_range_start(range)
  lock_map_release(__mmu_notifier_invalidate_range_start_map)
})

/** Begins a pass that must not block: 0, or -EAGAIN and then nothing of it is left open (004:57-65). */
define(mmu_notifier_invalidate_range_start_nonblock, function* (range) {
  lock_map_acquire(__mmu_notifier_invalidate_range_start_map)
  range.flags &= ~MMU_NOTIFIER_RANGE_BLOCKABLE
  const ret = range.mm.mmu_notifier_mm ? yield* __mmu_notifier_invalidate_range_start(range) : 0
  lock_map_release(__mmu_notifier_invalidate_range_start_map)
  return ret
})

define(mmu_notifier_invalidate_range_end, function* (range) {
  if (range.mm.mmu_notifier_mm) yield* __mmu_notifier_invalidate_range_end(range, false)
})

/** For a pass whose changes were told under the page-table lock: no second invalidation (001:256-262). */
define(mmu_notifier_invalidate_range_only_end, function* (range) {
  if (range.mm.mmu_notifier_mm) yield* __mmu_notifier_invalidate_range_end(range, true)
})

/** Tells every notifier; undoes a pass that one of them refused (004:89-94). */
define(__mmu_notifier_invalidate_range_start, function* (range) {
  if (intervals_of(range) && (yield* mn_itree_invalidate(range))) return -EAGAIN
  const srcu = mmu_notifier_srcu()
  const id = yield* srcu_read_lock(srcu)
  const failed = yield* start_each(range)
  if (failed) yield* undo_starts(range, failed)
  srcu_read_unlock(srcu, id)
  if (failed) yield* undo_intervals(range)
  return failed ? -EAGAIN : 0
})

/**
 * Ends a pass for every notifier still listed; what changed in it is gone from secondary TLBs first. Its rules are
 * the start's, so is its map (002:5221-5226).
 */
define(__mmu_notifier_invalidate_range_end, function* (range, only_end) {
  const { mm, start, end } = range
  lock_map_acquire(__mmu_notifier_invalidate_range_start_map)
  if (intervals_of(range)) yield* mn_itree_inv_end(range)
  const srcu = mmu_notifier_srcu()
  const id = yield* srcu_read_lock(srcu)
  for (let mn = yield* first_notifier(mm); mn; mn = yield* next_notifier(mn)) {
    if (mn.ops.invalidate_range && !only_end) yield* mn.ops.invalidate_range(mn, mm, start, end)
    if (mn.ops.invalidate_range_end) yield* call_range_end(mn, range)
  }
  srcu_read_unlock(srcu, id)
  lock_map_release(__mmu_notifier_invalidate_range_start_map)
})

function intervals_of({ mm }: mmu_notifier_range): mmu_interval_subscriptions | null {
  return mm.mmu_notifier_mm!.intervals
}

/** Interval notifiers agreed to what a notifier of the list refused: for them too it is over (004:59-68). */
export const undo_intervals = symbol(
  'undo_intervals',
  function* (range: mmu_notifier_range): Task<void> {
    if (intervals_of(range)) yield* mn_itree_inv_end(range)
  },
)

/**
 * Calls the starts in order; returns the notifier that refused, if one legally did (002:727-738).
 */
export const start_each = symbol(
  'start_each',
  function* (range: mmu_notifier_range): Task<mmu_notifier | null> {
    for (let mn = yield* first_notifier(range.mm); mn; mn = yield* next_notifier(mn)) {
      if (!mn.ops.invalidate_range_start) continue
      const ret = yield* call_range_start(mn, range)
      if (ret === 0) continue
      // Nobody may refuse a caller that blocks: the caller goes on regardless (002:730-732).
      if (
        WARN_ON(
          mmu_notifier_range_blockable(range),
          `start callback failed with ${ret} in blockable context`,
        )
      )
        continue
      WARN_ON(ret !== -EAGAIN, `start callback failed with ${ret} in non-blockable context`)
      return mn
    }
    return null
  },
)

/**
 * Ends the pass for the listed notifiers below the one that failed: by address, as it may be gone
 * (004:89-94).
 */
export const undo_starts = symbol(
  'undo_starts',
  function* (range: mmu_notifier_range, failed: mmu_notifier): Task<void> {
    for (
      let mn = yield* first_notifier(range.mm);
      mn && addressOf(mn) < addressOf(failed);
      mn = yield* next_notifier(mn)
    )
      if (mn.ops.invalidate_range_end) yield* call_range_end(mn, range)
  },
)

/** One start callback; of a pass that is a trial, two if the first refuses (002:4513-4527). */
export const call_range_start = symbol(
  'call_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    if (range.flags & MMU_NOTIFIER_RANGE_TRIAL && (yield* try_range_start(mn, range))) return 0
    return yield* call_start_once(mn, range)
  },
)

/** Debugging: asks without blocking first. Whoever refuses is asked again, and may block (002:4513-4527). */
export const try_range_start = symbol(
  'try_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<boolean> {
    const { flags } = range
    range.flags &= ~MMU_NOTIFIER_RANGE_BLOCKABLE
    const ret = yield* call_start_once(mn, range)
    range.flags = flags
    return ret === 0
  },
)

/** A start callback, in a non-blocking section where the pass is one (002:374-378). */
export const call_start_once = symbol(
  'call_start_once',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const blockable = mmu_notifier_range_blockable(range)
    if (!blockable) non_block_start()
    const ret = yield* mn.ops.invalidate_range_start!(mn, range)
    if (!blockable) non_block_end()
    if (ret !== 0)
      printk(`callback failed with ${ret} in ${blockable ? '' : 'non-'}blockable context`)
    return ret
  },
)

/**
 * One end callback; the end of a non-blockable pass, its undo included, must not block either
 * (002:1036-1037).
 */
export const call_range_end = symbol(
  'call_range_end',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<void> {
    const blockable = mmu_notifier_range_blockable(range)
    if (!blockable) non_block_start()
    yield* mn.ops.invalidate_range_end!(mn, range)
    if (!blockable) non_block_end()
  },
)

// ---- registration --------------------------------------------------------------------------------------

/** Adds a notifier where no pass is open: all of the mm's locks are held (002:461-463). */
define(__mmu_notifier_register, function* (mn, mm) {
  BUG_ON(mm.mm_users <= 0, 'mmu_notifier_register on an address space that is gone')
  // Allocated before the locks, as reclaim would need them (002:4233-4260).
  if (should_failslab()) return -ENOMEM
  if (!mm.mmu_notifier_mm) yield* mmu_notifier_mm_init(mm)
  const locked = yield* mm_take_all_locks(mm)
  yield* mmgrab(mm)
  const list = mm.mmu_notifier_mm!
  yield* spin_lock(list.lock)
  hlist_add_sorted(list, mn)
  spin_unlock(list.lock)
  mm_drop_all_locks(locked)
  return 0
})

/** The list of an mm that has none. The caller holds mmap_sem for writing (002:461-463). */
export function* mmu_notifier_mm_init(mm: mm_struct): AtomicTask<void> {
  const fresh = mmu_notifier_mm_alloc()
  yield* kmalloc(fresh, GFP_KERNEL)
  mm.mmu_notifier_mm ??= fresh
}

define(mmu_notifier_register, function* (mn, mm) {
  yield* down_write(mm.mmap_sem)
  const ret = yield* __mmu_notifier_register(mn, mm)
  up_write(mm.mmap_sem)
  return ret
})

/** Releases a notifier that is still listed, removes it, and waits until no callback of it runs. */
define(mmu_notifier_unregister, function* (mn, mm) {
  const srcu = mmu_notifier_srcu()
  const id = yield* srcu_read_lock(srcu)
  if (mn.linked && mn.ops.release) yield* mn.ops.release(mn, mm)
  srcu_read_unlock(srcu, id)
  yield* hlist_del_init_rcu(mm, mn)
  yield* synchronize_srcu(srcu)
  yield* mmdrop(mm)
})

/** Removes a notifier and does not wait: its memory must outlive the readers (000:109-111). */
define(mmu_notifier_unregister_no_release, function* (mn, mm) {
  yield* hlist_del_init_rcu(mm, mn)
  yield* mmdrop(mm)
})

define(mmu_notifier_call_srcu, (rcu) => {
  call_srcu(mmu_notifier_srcu(), rcu)
})

/**
 * The address space ends: everyone is released, then unlinked, and no callback runs any more
 * (000:2806-2808).
 */
define(mmu_notifier_release, function* (mm) {
  if (!mm.mmu_notifier_mm) return
  if (mm.mmu_notifier_mm.intervals) yield* mn_itree_release(mm)
  const srcu = mmu_notifier_srcu()
  const id = yield* srcu_read_lock(srcu)
  for (let mn = yield* first_notifier(mm); mn; mn = yield* next_notifier(mn))
    if (mn.ops.release) yield* mn.ops.release(mn, mm)
  srcu_read_unlock(srcu, id)
  // All under one lock: whoever unregisters frees its notifier, and it may be any of these.
  const list = mm.mmu_notifier_mm
  yield* spin_lock(list.lock)
  for (const mn of [...notifiers_from(list.first)]) unlink(list, mn)
  spin_unlock(list.lock)
  yield* synchronize_srcu(srcu)
})

// ---- the list --------------------------------------------------------------------------------------------

/** The notifier to begin with. The caller is inside a read section (000:2424-2428). */
export function* first_notifier(mm: mm_struct): AtomicTask<mmu_notifier | null> {
  yield* point('rcu_dereference', 'notifier list')
  return mm.mmu_notifier_mm!.first
}

/** The notifier behind one that may have been unlinked meanwhile (000:117-124). */
export function* next_notifier(mn: mmu_notifier): AtomicTask<mmu_notifier | null> {
  yield* point('rcu_dereference', 'notifier list')
  return mn.next
}

/** More than any workload registers. */
const notifiersMax = 1000

/**
 * Notifiers from one on, without a step between. A list that was made to close on itself ends the walk, which would keep
 * its CPU for ever. The model's own.
 */
export function* notifiers_from(first: mmu_notifier | null): Generator<mmu_notifier, void> {
  let walked = 0
  for (let mn = first; mn; mn = mn.next) {
    BUG_ON(walked++ === notifiersMax, 'soft lockup: the list of notifiers closes on itself')
    yield mn
  }
}

/** Keeps the list in ascending order of address (004:92-94). */
export const hlist_add_sorted = symbol(
  'hlist_add_sorted',
  (list: mmu_notifier_mm, mn: mmu_notifier): void => {
    let before: mmu_notifier | null = null
    for (const at of notifiers_from(list.first)) {
      if (addressOf(at) >= addressOf(mn)) break
      before = at
    }
    mn.next = before ? before.next : list.first
    mn.linked = true
    if (before) before.next = mn
    else list.first = mn
  },
)

/** Unlinks; readers that stand on `mn` still find their way through its `next` (000:123-124). */
export const hlist_del_init_rcu = symbol(
  'hlist_del_init_rcu',
  function* (mm: mm_struct, mn: mmu_notifier): AtomicTask<void> {
    const list = mm.mmu_notifier_mm!
    yield* spin_lock(list.lock)
    unlink(list, mn)
    spin_unlock(list.lock)
  },
)

/**
 * Locks whatever a pass that holds no mmap_sem must hold, files first; mmap_sem is held for writing
 * already (002:4698-4699).
 */
export const mm_take_all_locks = symbol('mm_take_all_locks', function* (mm: mm_struct): Task<
  readonly rw_semaphore[]
> {
  const [ofFiles, others] = partition(mm.mmap, ({ vm_file }) => vm_file !== null)
  const all = uniq([...ofFiles, ...others].map(rmap_lock))
  for (const rwsem of all) yield* down_write_nest_lock(rwsem, mm.mmap_sem)
  return all
})

/** Lets go what was taken for a registration. Linux's own (mm/mmap.c). */
export function mm_drop_all_locks(locked: readonly rw_semaphore[]): void {
  for (const rwsem of locked) up_write(rwsem)
}
