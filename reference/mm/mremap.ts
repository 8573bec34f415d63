/** mremap: entries move to another place of the address space, pages stay where they are. */
import { define, symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import {
  find_vma,
  kmalloc,
  mremap_to,
  ptep_clear_flush,
  set_pte_at,
  set_swp_pte_at,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EFAULT, EINVAL, MMU_NOTIFY_UNMAP } from '../../spec/headers/types'
import type { mm_struct, mmu_notifier_range, vm_area_struct } from '../../spec/headers/types'
import { GFP_KERNEL } from '../kernel/slab'
import { do_munmap, vma_link } from './mmap'
import { linear_page_index, rmap_lock, vm_area_alloc } from './mm_types'
import { split_huge_at } from './pgtable'

/** One pass over the old place, in which its entries go; what is left there is unmapped (002:3804). */
define(mremap_to, function* (mm, start, end, to) {
  if (end <= start || (to < end && start < to + end - start)) return -EINVAL
  yield* down_write(mm.mmap_sem)
  const vma = find_vma(mm, start)
  const whole = vma !== null && end <= vma.vm_end
  if (whole) {
    yield* do_munmap(mm, to, to + end - start)
    yield* move_page_tables(vma, yield* copy_vma(vma, start, end, to), start, end)
    yield* do_munmap(mm, start, end)
  }
  up_write(mm.mmap_sem)
  return whole ? 0 : -EFAULT
})

/** An area at `to` for what is in [start, end): the same pages find both. */
function* copy_vma(
  vma: vm_area_struct,
  start: number,
  end: number,
  to: number,
): Task<vm_area_struct> {
  const { vm_mm, vm_flags, anon_vma, vm_file } = vma
  const copy = vm_area_alloc({
    vm_mm,
    vm_start: to,
    vm_end: to + end - start,
    vm_pgoff: linear_page_index(vma, start),
    vm_flags,
    anon_vma,
    vm_file,
  })
  yield* kmalloc(copy, GFP_KERNEL)
  yield* vma_link(copy)
  return copy
}

/**
 * Moves entries. Reclaim is kept out: it could look at each place when the entry is at the other.
 * Linux's own (mm/mremap.c).
 */
export const move_page_tables = symbol(
  'move_page_tables',
  function* (vma: vm_area_struct, to: vm_area_struct, start: number, end: number): Task<void> {
    const { vm_mm: mm } = vma
    const range: mmu_notifier_range = { mm, start, end, flags: 0, event: MMU_NOTIFY_UNMAP }
    yield* mmu_notifier_invalidate_range_start(range)
    yield* down_write(rmap_lock(vma))
    yield* spin_lock(mm.page_table_lock)
    for (let addr = start; addr < end; addr++) yield* move_pte(mm, addr, to.vm_start + addr - start)
    spin_unlock(mm.page_table_lock)
    up_write(rmap_lock(vma))
    yield* mmu_notifier_invalidate_range_end(range)
  },
)

function* move_pte(mm: mm_struct, from: number, to: number): AtomicTask<void> {
  yield* split_huge_at(mm, from)
  const entry = mm.pgd.get(from)
  const slot = mm.swapped.get(from)
  if (entry) {
    yield* ptep_clear_flush(mm, from)
    yield* set_pte_at(mm, to, entry.pfn, entry.write)
  } else if (slot) {
    mm.swapped.delete(from)
    yield* set_swp_pte_at(mm, to, slot)
  }
}
