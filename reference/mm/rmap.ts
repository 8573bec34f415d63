/** Reclaim's way to a page's mappings: from the page, without mmap_sem (000:4739-4740). */
import { reads } from '../../engine/footprint'
import { define } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import { ptep_clear_flush, put_page, try_to_unmap } from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { MMU_NOTIFY_CLEAR } from '../../spec/headers/types'
import type { mmu_notifier_range, page, vm_area_struct } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'

/** Unmaps a page, which the caller holds a reference to, wherever it is mapped. True if it was. */
define(try_to_unmap, function* (page) {
  reads(frameState)
  const anon_vma = page.mapping
  if (!anon_vma) return false
  let unmapped = false
  yield* down_read(anon_vma.rwsem)
  for (const vma of anon_vma.vmas)
    if (vma.vm_start <= page.index && page.index < vma.vm_end)
      unmapped = (yield* try_to_unmap_one(page, vma)) || unmapped
  up_read(anon_vma.rwsem)
  return unmapped
})

function* try_to_unmap_one(page: page, vma: vm_area_struct): Task<boolean> {
  const { vm_mm: mm } = vma
  const addr = page.index
  const range: mmu_notifier_range = {
    mm,
    start: addr,
    end: addr + 1,
    flags: 0,
    event: MMU_NOTIFY_CLEAR,
  }
  yield* mmu_notifier_invalidate_range_start(range)
  yield* spin_lock(mm.page_table_lock)
  const mapped = mm.pgd.get(addr)?.pfn === page.pfn
  if (mapped) yield* ptep_clear_flush(mm, addr)
  spin_unlock(mm.page_table_lock)
  if (mapped) yield* put_page(page)
  yield* mmu_notifier_invalidate_range_end(range)
  return mapped
}
