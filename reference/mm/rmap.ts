/** Reclaim's way to a page's mappings: from the page, without mmap_sem (000:4739-4740). */
import { reads, writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import { ptep_clear_flush, put_page, set_swp_pte_at, try_to_unmap } from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import type { page, vm_area_struct } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'
import { clear_range, linear_page_index, vma_address } from './mm_types'
import { split_huge_at } from './pgtable'
import { swap_duplicate } from './swap'

/** From here on reclaim can find the page, of which there is to be one entry. The model's own: what is left of its reverse mapping. */
export function adopt(page: page, vma: vm_area_struct, addr: number): void {
  writes(frameState)
  page.mapping = vma.anon_vma
  page.index = linear_page_index(vma, addr)
  page.anon_exclusive = true
}

/** Unmaps a page, which the caller holds locked, wherever it is mapped. True if it was. */
define(try_to_unmap, function* (page) {
  reads(frameState)
  const { mapping } = page
  if (!mapping) return false
  const rwsem = 'i_mmap' in mapping ? mapping.i_mmap_rwsem : mapping.rwsem
  let unmapped = false
  yield* down_read(rwsem)
  for (const vma of 'i_mmap' in mapping ? mapping.i_mmap : mapping.vmas) {
    const addr = vma_address(vma, page.index)
    if (vma.vm_start <= addr && addr < vma.vm_end)
      unmapped = (yield* try_to_unmap_one(page, vma, addr)) || unmapped
  }
  up_read(rwsem)
  return unmapped
})

/** The caller's own reference keeps the page from being free before the end of the pass (001:322-328). */
export const try_to_unmap_one = symbol(
  'try_to_unmap_one',
  function* (page: page, vma: vm_area_struct, addr: number): Task<boolean> {
    const { vm_mm: mm } = vma
    const range = clear_range(mm, addr, addr + 1)
    yield* mmu_notifier_invalidate_range_start(range)
    yield* spin_lock(mm.page_table_lock)
    const mapped = mm.pgd.get(addr)?.pfn === page.pfn
    if (mapped) {
      yield* split_huge_at(mm, addr)
      yield* ptep_clear_flush(mm, addr)
      if (page.private) yield* set_swp_pte_at(mm, addr, swap_duplicate(page.private))
    }
    spin_unlock(mm.page_table_lock)
    if (mapped) yield* put_page(page)
    yield* mmu_notifier_invalidate_range_end(range)
    return mapped
  },
)
