/** Uses of the notifier core that are there to be watched: who is called, in which order, until when. */
import { point, type Task } from '../engine/task'
import {
  down_read,
  down_write,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from '../spec/headers/locking'
import { kfree, kmalloc, mmput, ptep_clear_flush, set_pte_at, vm_munmap } from '../spec/headers/mm'
import {
  mmu_notifier_change_pte,
  mmu_notifier_clear_flush_young,
  mmu_notifier_clear_young,
  mmu_notifier_invalidate_range,
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_test_young,
} from '../spec/headers/mmu_notifier'
import type { mm_struct } from '../spec/headers/types'
import { GFP_KERNEL } from '../reference/kernel/slab'
import {
  anon_vma_alloc,
  clear_range,
  mm_struct_alloc,
  vm_area_alloc,
} from '../reference/mm/mm_types'
import {
  range_notifier_register,
  range_notifier_struct,
  range_notifier_unregister,
} from '../reference/mm/range_notifier'

/** Two notifiers for an interval: the first is removed and registered again, and a pass before and after. */
export function* listen_range(mm: mm_struct, start: number, end: number): Task<void> {
  const [first, second] = [listener(), listener()]
  yield* kmalloc(first, GFP_KERNEL)
  yield* kmalloc(second, GFP_KERNEL)
  yield* range_notifier_register(first, mm, start, end)
  yield* range_notifier_register(second, mm, start, end)
  yield* empty_pass(mm, start, end)
  yield* range_notifier_unregister(first, mm)
  yield* range_notifier_register(first, mm, start, end)
  yield* empty_pass(mm, start, end)
  yield* range_notifier_unregister(second, mm)
  yield* range_notifier_unregister(first, mm)
  yield* kfree(first)
  yield* kfree(second)
}

const listener = () =>
  range_notifier_struct({
    *invalidate() {
      yield* point('drop what was derived')
    },
  })

/** A pass that changes nothing, which everybody is told of all the same. */
export function* empty_pass(mm: mm_struct, start: number, end: number, flags = 0): Task<void> {
  const range = { ...clear_range(mm, start, end), flags }
  yield* down_read(mm.mmap_sem)
  yield* mmu_notifier_invalidate_range_start(range)
  yield* mmu_notifier_invalidate_range_end(range)
  up_read(mm.mmap_sem)
}

/** Asks whether a page was used, in each of the three ways, as page ageing does. */
export function* age_page(mm: mm_struct, page: number): Task<void> {
  yield* spin_lock(mm.page_table_lock)
  yield* mmu_notifier_clear_young(mm, page, page + 1)
  if (yield* mmu_notifier_test_young(mm, page)) yield* point('page was used', page)
  yield* mmu_notifier_clear_flush_young(mm, page, page + 1)
  spin_unlock(mm.page_table_lock)
}

/** Takes the permission to write from a present page, telling everybody under the page-table lock. */
export function* protect_page(mm: mm_struct, page: number): Task<void> {
  const range = clear_range(mm, page, page + 1)
  yield* down_read(mm.mmap_sem)
  yield* mmu_notifier_invalidate_range_start(range)
  yield* spin_lock(mm.page_table_lock)
  if (mm.pgd.has(page)) {
    const pfn = yield* ptep_clear_flush(mm, page)
    yield* mmu_notifier_invalidate_range(mm, page, page + 1)
    yield* mmu_notifier_change_pte(mm, page, pfn, false)
    yield* set_pte_at(mm, page, pfn, false)
  }
  spin_unlock(mm.page_table_lock)
  yield* mmu_notifier_invalidate_range_only_end(range)
  up_read(mm.mmap_sem)
}

/** Somebody who has the mm_struct, and no use of the address space, holds its lock for writing. */
export function* hold_mmap_sem(mm: mm_struct): Task<void> {
  yield* down_write(mm.mmap_sem)
  yield* point('hold mmap_sem')
  up_write(mm.mmap_sem)
}

/** Another process comes, unmaps what it has while somebody listens, and goes. */
export function* other_process(): Task<void> {
  const mm = mm_struct_alloc()
  yield* kmalloc(mm, GFP_KERNEL)
  const anon_vma = anon_vma_alloc()
  const vma = vm_area_alloc({ vm_mm: mm, vm_start: 0, vm_end: 1, anon_vma })
  yield* kmalloc(vma, GFP_KERNEL)
  mm.mmap.push(vma)
  anon_vma.vmas.push(vma)
  const rn = range_notifier_struct()
  yield* kmalloc(rn, GFP_KERNEL)
  const ret = yield* range_notifier_register(rn, mm, 0, 1)
  yield* vm_munmap(mm, 0, 1)
  if (ret === 0) yield* range_notifier_unregister(rn, mm)
  yield* kfree(rn)
  yield* mmput(mm)
}
