/** mprotect: what an area may be used for. */
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import { do_mprotect, ptep_set_wrprotect } from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EINVAL, MMU_NOTIFY_PROTECTION_VMA, VM_WRITE } from '../../spec/headers/types'
import type { mmu_notifier_range, vm_area_struct } from '../../spec/headers/types'
import { areasIn, split_vma } from './mmap'
import { split_huge_at } from './pgtable'

/** Areas that stick out are cut; each gets its permission, and then its entries follow. */
define(do_mprotect, function* (mm, start, end, prot) {
  if (end <= start) return -EINVAL
  yield* down_write(mm.mmap_sem)
  for (const cut of [start, end])
    for (const vma of areasIn(mm, cut, cut + 1)) if (vma.vm_start < cut) yield* split_vma(vma, cut)
  for (const vma of areasIn(mm, start, end)) {
    vma.vm_flags = prot
    yield* change_protection(vma)
  }
  up_write(mm.mmap_sem)
  return 0
})

/**
 * Takes away what the entries allow too much: the page stays, so it does for everybody to be told when the
 * pass ends (001:273-281, 001:448-452). What they may allow more comes with the next fault.
 */
export const change_protection = symbol(
  'change_protection',
  function* (vma: vm_area_struct): Task<void> {
    const { vm_mm: mm, vm_start: start, vm_end: end } = vma
    const event = MMU_NOTIFY_PROTECTION_VMA
    const range: mmu_notifier_range = { mm, start, end, flags: 0, event }
    yield* mmu_notifier_invalidate_range_start(range)
    yield* spin_lock(mm.page_table_lock)
    if ((vma.vm_flags & VM_WRITE) === 0)
      for (let addr = start; addr < end; addr++) {
        yield* split_huge_at(mm, addr)
        if (mm.pgd.get(addr)?.write) yield* ptep_set_wrprotect(mm, addr)
      }
    spin_unlock(mm.page_table_lock)
    yield* mmu_notifier_invalidate_range_end(range)
  },
)
