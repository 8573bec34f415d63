/** fork: a second address space with the same pages, which both may only read until one writes. */
import { writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import {
  dup_mm,
  get_page,
  kmalloc,
  ptep_set_wrprotect,
  set_pte_at,
  set_swp_pte_at,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { MMU_NOTIFY_PROTECTION_PAGE, ZERO_PFN } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier_range,
  swap_slot,
  vm_area_struct,
} from '../../spec/headers/types'
import { frameState, pfn_to_page } from '../hardware/memory'
import { GFP_KERNEL } from '../kernel/slab'
import { vma_link } from './mmap'
import { mm_struct_alloc, vm_area_alloc } from './mm_types'
import { split_huge_at } from './pgtable'
import { swap_duplicate } from './swap'

/** The caller keeps the parent alive. Nobody else knows the child, so its mmap_sem is not taken (002:3804). */
define(dup_mm, function* (mm) {
  const child = mm_struct_alloc({ name: 'child mm' })
  yield* kmalloc(child, GFP_KERNEL)
  yield* down_write(mm.mmap_sem)
  for (const vma of mm.mmap) yield* dup_vma(child, vma)
  up_write(mm.mmap_sem)
  return child
})

/** A file's pages are found by faults, so only anonymous ones are copied. */
function* dup_vma(child: mm_struct, vma: vm_area_struct): Task<void> {
  const { vm_start, vm_end, vm_pgoff, vm_flags, anon_vma, vm_file } = vma
  const copy = vm_area_alloc({
    vm_mm: child,
    vm_start,
    vm_end,
    vm_pgoff,
    vm_flags,
    anon_vma,
    vm_file,
  })
  yield* kmalloc(copy, GFP_KERNEL)
  yield* vma_link(copy)
  if (!vm_file) yield* copy_page_range(child, vma)
}

/** An entry as the child will have it. */
type Copy = { readonly pfn: number } | { readonly slot: swap_slot }

/** Write-protects the parent's entries; everybody may be told of that when the pass ends (001:448-452). */
export const copy_page_range = symbol(
  'copy_page_range',
  function* (child: mm_struct, vma: vm_area_struct): Task<void> {
    const { vm_mm: mm, vm_start: start, vm_end: end } = vma
    const event = MMU_NOTIFY_PROTECTION_PAGE
    const range: mmu_notifier_range = { mm, start, end, flags: 0, event }
    yield* mmu_notifier_invalidate_range_start(range)
    const copies = yield* share_entries(mm, start, end)
    yield* spin_lock(child.page_table_lock)
    for (const [addr, copy] of copies)
      if ('slot' in copy) yield* set_swp_pte_at(child, addr, copy.slot)
      else yield* set_pte_at(child, addr, copy.pfn, false)
    spin_unlock(child.page_table_lock)
    yield* mmu_notifier_invalidate_range_end(range)
  },
)

/** A reference to all that the parent has in [start, end), which it may only read from here on. */
function* share_entries(mm: mm_struct, start: number, end: number): AtomicTask<Map<number, Copy>> {
  const copies = new Map<number, Copy>()
  yield* spin_lock(mm.page_table_lock)
  writes(frameState)
  for (let addr = start; addr < end; addr++) {
    yield* split_huge_at(mm, addr)
    const entry = mm.pgd.get(addr)
    const slot = mm.swapped.get(addr)
    if (slot) copies.set(addr, { slot: swap_duplicate(slot) })
    if (slot?.page) slot.page.anon_exclusive = false
    if (!entry) continue
    if (entry.write) yield* ptep_set_wrprotect(mm, addr)
    const page = pfn_to_page(entry.pfn)
    page.anon_exclusive = false
    if (entry.pfn !== ZERO_PFN) yield* get_page(page)
    copies.set(addr, { pfn: entry.pfn })
  }
  spin_unlock(mm.page_table_lock)
  return copies
}
