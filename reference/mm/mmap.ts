/** Lifetime of address spaces, and the operations that take parts of one away. */
import { pull, range } from 'lodash'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import {
  HPAGE_PMD_NR,
  __vma_link,
  __vma_unlink,
  exit_mmap,
  find_vma,
  kfree,
  kmalloc,
  mmdrop,
  mmget,
  mmget_not_zero,
  mmgrab,
  mmput,
  pmd_start,
  pmdp_huge_clear_flush,
  ptep_clear_flush,
  put_page,
  vm_mmap_fixed,
  vm_munmap,
  vma_adjust,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range,
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_release,
} from '../../spec/headers/mmu_notifier'
import { EINVAL, MMU_NOTIFY_UNMAP, ZERO_PFN } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier_range,
  swap_slot,
  vm_area_struct,
} from '../../spec/headers/types'
import { pfn_to_page } from '../hardware/memory'
import { BUG_ON } from '../kernel/bug'
import { GFP_KERNEL } from '../kernel/slab'
import { anon_vma_alloc, linear_page_index, rmap_list, rmap_lock, vm_area_alloc } from './mm_types'
import { is_huge, split_huge_at } from './pgtable'
import { swap_free } from './swap'

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
  yield* do_munmap(mm, start, end)
  up_write(mm.mmap_sem)
  return 0
})

/** As munmap, and then a fresh anonymous area: who used the old one was told before (001:28-40). */
define(vm_mmap_fixed, function* (mm, start, end) {
  if (end <= start) return -EINVAL
  yield* down_write(mm.mmap_sem)
  yield* do_munmap(mm, start, end)
  yield* mmap_region(mm, start, end)
  up_write(mm.mmap_sem)
  return 0
})

/** What munmap does with mmap_sem held for writing. Linux's own (mm/mmap.c). */
export const do_munmap = symbol(
  'do_munmap',
  function* (mm: mm_struct, start: number, end: number): Task<void> {
    for (const vma of areasIn(mm, start, end)) {
      yield* unmap_vma_range(vma, Math.max(start, vma.vm_start), Math.min(end, vma.vm_end))
      yield* cut_vma(vma, start, end)
    }
  },
)

/** The areas that have a part in [start, end). The model's own. */
export function areasIn(mm: mm_struct, start: number, end: number): vm_area_struct[] {
  return mm.mmap.filter(({ vm_start, vm_end }) => vm_start < end && start < vm_end)
}

/** One pass over a part of an area: nobody's translation outlives it (001:36-40). */
export const unmap_vma_range = symbol(
  'unmap_vma_range',
  function* (vma: vm_area_struct, start: number, end: number): Task<void> {
    const pass: mmu_notifier_range = {
      mm: vma.vm_mm,
      start,
      end,
      flags: 0,
      event: MMU_NOTIFY_UNMAP,
    }
    yield* mmu_notifier_invalidate_range_start(pass)
    yield* zap_pages(vma.vm_mm, start, end)
    yield* mmu_notifier_invalidate_range_end(pass)
  },
)

/**
 * Clears the entries of [start, end), tells secondary TLBs whether or not there were any (001:38-40), and
 * drops the pages: they may be anybody's before the end of the pass (001:371-376).
 */
export function* zap_pages(mm: mm_struct, start: number, end: number): AtomicTask<void> {
  yield* spin_lock(mm.page_table_lock)
  const freed: number[] = []
  const slots: swap_slot[] = []
  for (let addr = start; addr < end; addr++) {
    const slot = mm.swapped.get(addr)
    if (slot) slots.push(slot)
    mm.swapped.delete(addr)
    const whole = addr === pmd_start(addr) && addr + HPAGE_PMD_NR <= end
    if (!whole) yield* split_huge_at(mm, addr)
    if (is_huge(mm, addr)) {
      const first = yield* pmdp_huge_clear_flush(mm, addr)
      freed.push(...range(first, first + HPAGE_PMD_NR))
    } else if (mm.pgd.has(addr)) freed.push(yield* ptep_clear_flush(mm, addr))
  }
  spin_unlock(mm.page_table_lock)
  yield* mmu_notifier_invalidate_range(mm, start, end)
  for (const pfn of freed) if (pfn >= 0 && pfn !== ZERO_PFN) yield* put_page(pfn_to_page(pfn))
  for (const slot of slots) yield* swap_free(slot)
}

// ---- making, cutting and freeing areas -------------------------------------------------------------------

/** A fresh anonymous area. */
function* mmap_region(mm: mm_struct, start: number, end: number): Task<void> {
  const vma = vm_area_alloc({
    vm_mm: mm,
    vm_start: start,
    vm_end: end,
    vm_pgoff: start,
    anon_vma: anon_vma_alloc(),
  })
  yield* kmalloc(vma, GFP_KERNEL)
  yield* vma_link(vma)
}

/**
 * Adds an area. mmap_sem is held for writing; reclaim, which finds areas by their pages, is kept
 * out. Linux's own (mm/mmap.c).
 */
export function* vma_link(vma: vm_area_struct): Task<void> {
  yield* down_write(rmap_lock(vma))
  __vma_link(vma)
  up_write(rmap_lock(vma))
}

define(__vma_link, (vma) => {
  rmap_list(vma).push(vma)
  vma.vm_mm.mmap.push(vma)
})

define(vma_adjust, (vma, start, end) => {
  vma.vm_pgoff = linear_page_index(vma, start)
  vma.vm_start = start
  vma.vm_end = end
})

define(__vma_unlink, (vma) => {
  pull(rmap_list(vma), vma)
  pull(vma.vm_mm.mmap, vma)
})

/** Keeps what lies outside [start, end). Linux's own (mm/mmap.c). */
export function* cut_vma(vma: vm_area_struct, start: number, end: number): Task<void> {
  const { vm_start, vm_end } = vma
  if (start <= vm_start && vm_end <= end) return yield* free_vma(vma)
  if (vm_start < start && end < vm_end) yield* split_vma(vma, end)
  const lock = rmap_lock(vma)
  yield* down_write(lock)
  if (vm_start < start) vma_adjust(vma, vm_start, start)
  else vma_adjust(vma, end, vm_end)
  up_write(lock)
}

/**
 * Cuts an area in two at `addr`, which lies inside of it. mmap_sem is held for writing; memory is had before
 * the lock that reclaim takes too (002:4642-4643).
 */
export function* split_vma(vma: vm_area_struct, addr: number): Task<void> {
  const { vm_mm, vm_end, vm_flags, anon_vma, vm_file } = vma
  const vm_pgoff = linear_page_index(vma, addr)
  const upper = vm_area_alloc({
    vm_mm,
    vm_start: addr,
    vm_end,
    vm_pgoff,
    vm_flags,
    anon_vma,
    vm_file,
  })
  yield* kmalloc(upper, GFP_KERNEL)
  const lock = rmap_lock(vma)
  yield* down_write(lock)
  vma_adjust(vma, vma.vm_start, addr)
  __vma_link(upper)
  up_write(lock)
}

function* free_vma(vma: vm_area_struct): Task<void> {
  const lock = rmap_lock(vma)
  yield* down_write(lock)
  __vma_unlink(vma)
  up_write(lock)
  yield* kfree(vma)
}
