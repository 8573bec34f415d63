/**
 * A notifier that is interested in one interval: whether a pass concerns it is tested here, so that its
 * owner never hears of the others and never has to know whether it may block (002:876-884, 002:2701-2705).
 *
 * It refuses every pass over its interval that must not block, which is all that this design can do.
 */
import { symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { driver_interest } from '../../spec/headers/device'
import { EAGAIN } from '../../spec/headers/types'
import type { mm_struct, mmu_notifier, mmu_notifier_range } from '../../spec/headers/types'
import { container_of, struct } from '../kernel/slab'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from './mmu_notifier'

export interface range_notifier {
  readonly mmu_notifier: mmu_notifier
  start: number
  end: number
  /** Drops what is derived from [start, end); may sleep. */
  readonly invalidate: (start: number, end: number) => Task<void>
}

export const range_notifier_struct = struct('range_notifier', (): range_notifier => ({
  mmu_notifier: mmu_notifier_struct({ may_refuse: true }),
  start: 0,
  end: 0,
  *invalidate() {},
}))

/**
 * Begins to hear of invalidations of [start, end). The caller keeps the address space alive
 * (002:876-879).
 */
export const range_notifier_register = symbol(
  'range_notifier_register',
  function* (rn: range_notifier, mm: mm_struct, start: number, end: number): Task<number> {
    rn.start = start
    rn.end = end
    rn.mmu_notifier.ops = range_notifier_ops
    driver_interest(rn.mmu_notifier, start, end)
    return yield* mmu_notifier_register(rn.mmu_notifier, mm)
  },
)

/** Hears of nothing any more, and waits until what runs is over (002:876-879). */
export const range_notifier_unregister = symbol(
  'range_notifier_unregister',
  function* (rn: range_notifier, mm: mm_struct): Task<void> {
    yield* mmu_notifier_unregister(rn.mmu_notifier, mm)
  },
)

/**
 * Agrees to what lies beside its interval, and refuses what lies inside where it may not block
 * (002:2701-2703).
 */
export const range_notifier_invalidate_range_start = symbol(
  'range_notifier_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const rn = container_of<range_notifier>(mn)
    if (range.end <= rn.start || rn.end <= range.start) return 0
    if (!mmu_notifier_range_blockable(range)) return -EAGAIN
    yield* rn.invalidate(Math.max(range.start, rn.start), Math.min(range.end, rn.end))
    return 0
  },
)

/** The address space ends: what is derived from it goes. The model's own. */
export const range_notifier_release = symbol(
  'range_notifier_release',
  function* (mn: mmu_notifier): Task<void> {
    const rn = container_of<range_notifier>(mn)
    yield* rn.invalidate(rn.start, rn.end)
  },
)

const range_notifier_ops = mmu_notifier_ops({
  release: range_notifier_release,
  invalidate_range_start: range_notifier_invalidate_range_start,
})
