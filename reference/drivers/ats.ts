/**
 * A device behind an IOMMU that walks the process's own page table (ATS and PASID): its TLB is a secondary
 * one of the CPU's, and nothing but `->invalidate_range` empties it (001:356-368). Coherent at any time: what
 * the CPU's page table loses, the device has lost before the page table lock is released.
 */
import { symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { EFAULT } from '../../spec/headers/types'
import type { mm_struct, mmu_notifier, spinlock_t } from '../../spec/headers/types'
import { ats_disable, ats_flush_command, atsDevice, type AtsDevice } from '../devices/ats-device'
import { acknowledged } from '../hardware/commands'
import { everyPage } from '../hardware/memory'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { mmu_notifier_struct } from '../mm/mmu_notifier'

/** A process's address space as the IOMMU knows it. `queue_lock` orders its invalidation commands. */
export interface ats {
  readonly mm: mm_struct
  readonly queue_lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
  readonly device: AtsDevice
}

const ats_struct = struct('ats', (): ats => ({
  mm: null as never,
  queue_lock: spinlock({ name: 'ats.queue_lock' }),
  mmu_notifier: mmu_notifier_struct(),
  device: null as never,
}))

/** Binds the process to the device; null if that is not possible (001:366-368). */
export const ats_bind = symbol(
  'ats_bind',
  function* (mm: mm_struct, name: string): Task<ats | null> {
    const ats = ats_struct({ mm, device: atsDevice(name, mm) })
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
 * Answers a page request as the CPU's own fault would be answered. 0 or -errno. Linux's own
 * (drivers/iommu/amd_iommu_v2.c).
 */
export const ats_page_request = symbol(
  'ats_page_request',
  function* ({ mm }: ats, addr: number, write: boolean): Task<number> {
    if (!(yield* mmget_not_zero(mm))) return -EFAULT
    yield* down_read(mm.mmap_sem)
    const ret = yield* handle_mm_fault(mm, addr, write)
    up_read(mm.mmap_sem)
    yield* mmput(mm)
    return ret
  },
)

/**
 * Has the device drop its translations of [start, end), and waits for its answer without sleeping
 * (001:356-358).
 */
export const ats_invalidate_range = symbol(
  'ats_invalidate_range',
  function* (mn: mmu_notifier, _mm: mm_struct, start: number, end: number): AtomicTask<void> {
    const ats = container_of<ats>(mn)
    yield* spin_lock(ats.queue_lock)
    yield* point(`flush ${ats.device.name} tlb`, `[${start}, ${end})`)
    yield* acknowledged(ats_flush_command(ats.device, start, end))
    spin_unlock(ats.queue_lock)
  },
)

/**
 * From here on the IOMMU finds no page table for the process. Linux's own
 * (drivers/iommu/amd_iommu_v2.c).
 */
export const ats_release = symbol(
  'ats_release',
  function* (mn: mmu_notifier, mm: mm_struct): Task<void> {
    ats_disable(container_of<ats>(mn).device)
    yield* ats_invalidate_range(mn, mm, 0, everyPage)
  },
)

const ats_mmu_notifier_ops = mmu_notifier_ops({
  release: ats_release,
  invalidate_range: ats_invalidate_range,
})
