/**
 * A device behind an IOMMU that walks the process's own page table (ATS and PASID): its TLB is a secondary
 * one of the CPU's, and nothing but `->invalidate_range` empties it (001:356-368).
 *
 * Left out: what the device reads and writes through its TLB.
 */
import { symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import type { mm_struct, mmu_notifier, spinlock_t } from '../../spec/headers/types'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { mmu_notifier_struct } from '../mm/mmu_notifier'

/** A process's address space as the IOMMU knows it. `queue_lock` orders its invalidation commands. */
export interface ats {
  readonly mm: mm_struct
  readonly name: string
  readonly queue_lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
}

const everyPage = Number.MAX_SAFE_INTEGER

const ats_struct = struct('ats', (): ats => ({
  mm: null as never,
  name: '',
  queue_lock: spinlock({ name: 'ats.queue_lock' }),
  mmu_notifier: mmu_notifier_struct(),
}))

/** Binds the process to the device; null if that is not possible (001:366-368). */
export const ats_bind = symbol(
  'ats_bind',
  function* (mm: mm_struct, name: string): Task<ats | null> {
    const ats = ats_struct({ mm, name })
    yield* kmalloc(ats, GFP_KERNEL)
    ats.mmu_notifier.ops = ats_mmu_notifier_ops
    if ((yield* mmu_notifier_register(ats.mmu_notifier, mm)) === 0) return ats
    yield* kfree(ats)
    return null
  },
)

/** The device forgets the process. Linux's own (drivers/iommu/amd_iommu_v2.c). */
export const ats_unbind = symbol('ats_unbind', function* (ats: ats): Task<void> {
  yield* mmu_notifier_unregister(ats.mmu_notifier, ats.mm)
  yield* kfree(ats)
})

/**
 * Has the device drop its translations of [start, end), and waits for its answer without sleeping
 * (001:356-358).
 */
export const ats_invalidate_range = symbol(
  'ats_invalidate_range',
  function* (mn: mmu_notifier, _mm: mm_struct, start: number, end: number): AtomicTask<void> {
    const ats = container_of<ats>(mn)
    yield* spin_lock(ats.queue_lock)
    yield* point(`flush ${ats.name} tlb`, `[${start}, ${end})`)
    spin_unlock(ats.queue_lock)
  },
)

/**
 * The address space ends: the TLB keeps nothing of it. Linux's own (drivers/iommu/amd_iommu_v2.c).
 */
export const ats_release = symbol(
  'ats_release',
  function* (mn: mmu_notifier, mm: mm_struct): Task<void> {
    yield* ats_invalidate_range(mn, mm, 0, everyPage)
  },
)

const ats_mmu_notifier_ops = mmu_notifier_ops({
  release: ats_release,
  invalidate_range: ats_invalidate_range,
})
