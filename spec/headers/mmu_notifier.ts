/** The mmu notifier core and its struct of callbacks. */
import { id } from '../../engine/ids'
import { atomic, bool, int, opsTable, plain, pointer, task } from '../../engine/symbol'
import { MMU_NOTIFIER_RANGE_BLOCKABLE, MMU_NOTIFIER_RANGE_TRIAL } from './types'
import type { mm_struct, mmu_notifier, mmu_notifier_range, notifier_priv, rcu_head } from './types'
import type { Ops } from './seam'

const mnId = (mn: mmu_notifier) => id('mn', mn)
const mmId = (mm: mm_struct) => id('mm', mm)

/** How a pass is shown: the descriptor pairs a start with its end. */
export const pass = (range: mmu_notifier_range) => ({
  pass: id('pass', range),
  mm: mmId(range.mm),
  start: range.start,
  end: range.end,
  blockable: (range.flags & MMU_NOTIFIER_RANGE_BLOCKABLE) !== 0,
  /** Whether the notifiers are asked without blocking first, to see who refuses (002:4513-4527). */
  trial: (range.flags & MMU_NOTIFIER_RANGE_TRIAL) !== 0,
})

/** How a part of an address space is shown to a notifier. */
function within(mn: mmu_notifier, mm: mm_struct, start: number, end: number) {
  return { mn: mnId(mn), mm: mmId(mm), start, end }
}

/** The same, as a caller names it. */
function part(mm: mm_struct, start: number, end: number) {
  return { mm: mmId(mm), start, end }
}

// ---- the callbacks ---------------------------------------------------------------------------------

const ops = {
  /** The address space is going away: drop every translation (000:1140). */
  release: task('mmu_notifier_ops.release', (mn: mmu_notifier, mm: mm_struct) => ({
    mn: mnId(mn),
    mm: mmId(mm),
  })),
  /** From success until the matching end no translation of the range may be used. 0 or -EAGAIN. */
  invalidate_range_start: task(
    'mmu_notifier_ops.invalidate_range_start',
    (mn: mmu_notifier, range: mmu_notifier_range) => ({ mn: mnId(mn), ...pass(range) }),
    int,
  ),
  invalidate_range_end: task(
    'mmu_notifier_ops.invalidate_range_end',
    (mn: mmu_notifier, range: mmu_notifier_range) => ({ mn: mnId(mn), ...pass(range) }),
  ),
  /** A secondary TLB drops what it holds of the range; called under the page-table lock too (001:356-358). */
  invalidate_range: atomic('mmu_notifier_ops.invalidate_range', within),
  /** An entry was replaced by this one, under the page-table lock (002:464, 002:1762-1763). */
  change_pte: atomic(
    'mmu_notifier_ops.change_pte',
    (mn: mmu_notifier, mm: mm_struct, address: number, pfn: number, write: boolean) => ({
      ...{ mn: mnId(mn), mm: mmId(mm), page: address, pfn, write },
    }),
  ),
  /** Whether the pages were used through this notifier since they were last asked for (002:1762-1763). */
  clear_flush_young: atomic('mmu_notifier_ops.clear_flush_young', within, bool),
  clear_young: atomic('mmu_notifier_ops.clear_young', within, bool),
  test_young: atomic(
    'mmu_notifier_ops.test_young',
    (mn: mmu_notifier, mm: mm_struct, address: number) => ({
      ...{ mn: mnId(mn), mm: mmId(mm), page: address },
    }),
    bool,
  ),
}
export type mmu_notifier_ops_decl = typeof ops
export const {
  release,
  invalidate_range_start,
  invalidate_range_end,
  invalidate_range,
  change_pte,
  clear_flush_young,
  clear_young,
  test_young,
} = ops
/** Fills in a struct mmu_notifier_ops. */
export const mmu_notifier_ops = opsTable(ops)

// ---- passes ------------------------------------------------------------------------------------------

/** Begins a blockable pass; cannot fail (002:466-472). */
export const mmu_notifier_invalidate_range_start = task(
  'mmu_notifier_invalidate_range_start',
  (range: mmu_notifier_range) => pass(range),
)
/** Begins a pass that must not block; 0, or -EAGAIN and then there is no end. */
export const mmu_notifier_invalidate_range_start_nonblock = task(
  'mmu_notifier_invalidate_range_start_nonblock',
  (range: mmu_notifier_range) => pass(range),
  int,
)
/** Calls every notifier's start; the flags say whether it may block. */
export const __mmu_notifier_invalidate_range_start = task(
  '__mmu_notifier_invalidate_range_start',
  (range: mmu_notifier_range) => pass(range),
  int,
)
/** Ends a pass, and first has secondary TLBs drop what changed in it (001:256-262). */
export const mmu_notifier_invalidate_range_end = task(
  'mmu_notifier_invalidate_range_end',
  (range: mmu_notifier_range) => pass(range),
)
/** Ends a pass whose changes were all told under the page-table lock already (001:256-262). */
export const mmu_notifier_invalidate_range_only_end = task(
  'mmu_notifier_invalidate_range_only_end',
  (range: mmu_notifier_range) => pass(range),
)
/** Calls every notifier's end, and its secondary invalidation before unless `only_end`. */
export const __mmu_notifier_invalidate_range_end = task(
  '__mmu_notifier_invalidate_range_end',
  (range: mmu_notifier_range, only_end: boolean) => ({ ...pass(range), only_end }),
)

// ---- under the page-table lock -------------------------------------------------------------------------

/** Has every secondary TLB drop what it holds of [start, end). Never sleeps. */
export const mmu_notifier_invalidate_range = atomic('mmu_notifier_invalidate_range', part)
/** Tells every notifier of the entry that replaces the one at `address`. */
export const mmu_notifier_change_pte = atomic(
  'mmu_notifier_change_pte',
  (mm: mm_struct, address: number, pfn: number, write: boolean) => ({
    ...{ mm: mmId(mm), page: address, pfn, write },
  }),
)
/** Whether any notifier saw [start, end) used since it was last asked; forgets it, and flushes. */
export const mmu_notifier_clear_flush_young = atomic('mmu_notifier_clear_flush_young', part, bool)
/** The same, without a flush (002:1762-1765). */
export const mmu_notifier_clear_young = atomic('mmu_notifier_clear_young', part, bool)
/** The same, and nothing is forgotten. */
export const mmu_notifier_test_young = atomic(
  'mmu_notifier_test_young',
  (mm: mm_struct, address: number) => ({ mm: mmId(mm), page: address }),
  bool,
)

// ---- registration --------------------------------------------------------------------------------------

/** Adds a notifier. The caller holds mmap_sem for writing and the mm is alive. 0 or -errno. */
export const __mmu_notifier_register = task(
  '__mmu_notifier_register',
  (mn: mmu_notifier, mm: mm_struct) => ({
    mn: mnId(mn),
    mm: mmId(mm),
    /** The ops that it has, by name. */
    ops: Object.keys(mn.ops)
      .filter((op) => mn.ops[op as keyof mmu_notifier_ops_decl] !== null)
      .join(' '),
  }),
  int,
)
/** The same, taking mmap_sem itself. Linux's own (mm/mmu_notifier.c). */
export const mmu_notifier_register = task(
  'mmu_notifier_register',
  (mn: mmu_notifier, mm: mm_struct) => ({ mn: mnId(mn), mm: mmId(mm) }),
  int,
)
/**
 * Removes a notifier, calling its release if it was still listed, and waits out its callbacks.
 * Linux's own (mm/mmu_notifier.c).
 */
export const mmu_notifier_unregister = task(
  'mmu_notifier_unregister',
  (mn: mmu_notifier, mm: mm_struct) => ({ mn: mnId(mn), mm: mmId(mm) }),
)
/** Unlinks a notifier. Not a fence: callbacks may still run (000:109-111). */
export const mmu_notifier_unregister_no_release = atomic(
  'mmu_notifier_unregister_no_release',
  (mn: mmu_notifier, mm: mm_struct) => ({ mn: mnId(mn), mm: mmId(mm) }),
)
/**
 * The one struct for these ops and this mm, with a reference: found, or made by `alloc` and registered. Takes
 * mmap_sem; null where there is no memory (000:6595-6607).
 */
export const mmu_notifier_attach_mm = task(
  'mmu_notifier_attach_mm',
  (ops: Ops<mmu_notifier_ops_decl>, mm: mm_struct, _alloc: () => notifier_priv) => ({
    ops: id('ops', ops),
    mm: mmId(mm),
  }),
  pointer((priv: notifier_priv | null) => id('priv', priv)),
)
/**
 * Gives the reference back. The last unlinks the struct, whose memory goes when no callback can run
 * on it (000:6595-6607).
 */
export const mmu_notifier_detach_mm = atomic('mmu_notifier_detach_mm', (priv: notifier_priv) => ({
  priv: id('priv', priv),
}))
/** Frees through the notifiers' own SRCU, in atomic context (002:492-494, 000:2421-2434). */
export const mmu_notifier_call_srcu = plain('mmu_notifier_call_srcu', (rcu: rcu_head) => ({
  head: id('rcu_head', rcu),
}))
/** The end of an address space: release for every notifier still listed, then unlink all and wait. */
export const mmu_notifier_release = task('mmu_notifier_release', (mm: mm_struct) => ({
  mm: mmId(mm),
}))
