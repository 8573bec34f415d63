/** Lifetime of address spaces, and the operations that take parts of one away. */
import { pull } from 'lodash'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import {
  exit_mmap,
  find_vma,
  kfree,
  kmalloc,
  mmdrop,
  mmget,
  mmget_not_zero,
  mmgrab,
  mmput,
  ptep_clear_flush,
  put_page,
  vm_munmap,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_release,
} from '../../spec/headers/mmu_notifier'
import { EINVAL, MMU_NOTIFY_UNMAP } from '../../spec/headers/types'
import type { mm_struct, mmu_notifier_range, vm_area_struct } from '../../spec/headers/types'
import { BUG_ON } from '../kernel/bug'
import { GFP_KERNEL } from '../kernel/slab'
import { vm_area_alloc } from './mm_types'
import { pfn_to_page } from '../hardware/memory'

// ---- lifetime ------------------------------------------------------------------------------------------

define(mmgrab, function* (mm) {
  yield* point('mmgrab', mm)
  mm.mm_count++
})

define(mmdrop, function* (mm) {
  yield* point('mmdrop', mm)
  mm.mm_count--
  BUG_ON(mm.mm_count < 0, 'mmdrop of an mm_struct without references')
  if (mm.mm_count > 0) return
  if (mm.mmu_notifier_mm) yield* kfree(mm.mmu_notifier_mm)
  yield* kfree(mm)
})

define(mmget, function* (mm) {
  yield* point('mmget', mm)
  mm.mm_users++
})

define(mmget_not_zero, function* (mm) {
  yield* point('mmget_not_zero', mm)
  if (mm.mm_users === 0) return false
  mm.mm_users++
  return true
})

define(mmput, function* (mm) {
  yield* point('mmput', mm)
  mm.mm_users--
  if (mm.mm_users > 0) return
  yield* exit_mmap(mm)
  yield* mmdrop(mm)
})

/** Tears an address space down: notifiers first, so the unmapping reaches nobody (000:2806-2808). */
define(exit_mmap, function* (mm) {
  yield* mmu_notifier_release(mm)
  // Whoever reaps holds mmap_sem for reading: wait for it, and let nobody begin.
  mm.oom_skip = true
  yield* down_write(mm.mmap_sem)
  up_write(mm.mmap_sem)
  for (const vma of [...mm.mmap]) {
    yield* unmap_vma_range(vma, vma.vm_start, vma.vm_end)
    yield* free_vma(vma)
  }
})

// ---- areas -------------------------------------------------------------------------------------------------

define(
  find_vma,
  (mm, addr) => mm.mmap.find((vma) => vma.vm_start <= addr && addr < vma.vm_end) ?? null,
)

/** Removes [start, end): the areas inside go, those that stick out are cut (001:36-40). */
define(vm_munmap, function* (mm, start, end) {
  if (end <= start) return -EINVAL
  yield* down_write(mm.mmap_sem)
  for (const vma of mm.mmap.filter(({ vm_start, vm_end }) => vm_start < end && start < vm_end)) {
    yield* unmap_vma_range(vma, Math.max(start, vma.vm_start), Math.min(end, vma.vm_end))
    yield* cut_vma(vma, start, end)
  }
  up_write(mm.mmap_sem)
  return 0
})

/** One pass over a part of an area: nobody's translation outlives it. */
export const unmap_vma_range = symbol(
  'unmap_vma_range',
  function* (vma: vm_area_struct, start: number, end: number): Task<void> {
    const range: mmu_notifier_range = {
      mm: vma.vm_mm,
      start,
      end,
      flags: 0,
      event: MMU_NOTIFY_UNMAP,
    }
    yield* mmu_notifier_invalidate_range_start(range)
    yield* zap_pages(vma.vm_mm, start, end)
    yield* mmu_notifier_invalidate_range_end(range)
  },
)

/** Clears the entries of [start, end) and drops the pages they held. */
export function* zap_pages(mm: mm_struct, start: number, end: number): AtomicTask<void> {
  yield* spin_lock(mm.page_table_lock)
  const freed: number[] = []
  for (let addr = start; addr < end; addr++)
    if (mm.pgd.has(addr)) freed.push(yield* ptep_clear_flush(mm, addr))
  spin_unlock(mm.page_table_lock)
  for (const pfn of freed) if (pfn >= 0) yield* put_page(pfn_to_page(pfn))
}

/** Keeps what lies outside [start, end). Reclaim, which finds areas by their pages, is kept out. */
function* cut_vma(vma: vm_area_struct, start: number, end: number): Task<void> {
  const { vm_mm: mm, anon_vma, vm_start, vm_end } = vma
  if (start <= vm_start && vm_end <= end) return yield* free_vma(vma)
  // Allocated before the lock, which reclaim takes too (002:4642-4643).
  const splits = vm_start < start && end < vm_end
  const upper = splits ? vm_area_alloc({ vm_mm: mm, vm_start: end, vm_end, anon_vma }) : null
  if (upper) yield* kmalloc(upper, GFP_KERNEL)
  yield* down_write(anon_vma.rwsem)
  if (vm_start < start) vma.vm_end = start
  else vma.vm_start = end
  if (upper) {
    anon_vma.vmas.push(upper)
    mm.mmap.push(upper)
  }
  up_write(anon_vma.rwsem)
}

function* free_vma(vma: vm_area_struct): Task<void> {
  const { vm_mm: mm, anon_vma } = vma
  yield* down_write(anon_vma.rwsem)
  pull(anon_vma.vmas, vma)
  up_write(anon_vma.rwsem)
  pull(mm.mmap, vma)
  yield* kfree(vma)
}
