/**
 * Device memory that no CPU reaches: a page moves there when its device wants it, and back when a CPU touches it
 * (000:4101-4106, 002:3910-3912).
 *
 * The entry of such a page is one that hardware does not take for present, and that names the page all the same: it is
 * found from the page, shared by fork and taken away like any other.
 */
import { writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import {
  ZONE_DEVICE_BIAS,
  migrate_to_ram,
  migrate_vma,
  type dev_pagemap,
} from '../../spec/headers/memremap'
import {
  alloc_page,
  find_vma,
  get_page,
  lock_page,
  ptep_clear_flush_notify,
  put_page,
  set_pte_at,
  unlock_page,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EAGAIN, EINVAL, ENOMEM, ZERO_PFN } from '../../spec/headers/types'
import type { page, vm_area_struct } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'
import { get_and_lock } from './gup'
import { map_device_private, may_write } from './memory'
import { unmap_and_move } from './migrate'
import { clear_range } from './mm_types'
import { adopt } from './rmap'

/** A page of device memory that nobody uses, with a reference; null if there is none. The model's own. */
export function device_private_alloc({ pages }: dev_pagemap): page | null {
  writes(frameState)
  const page = pages.find(({ _refcount }) => _refcount === ZONE_DEVICE_BIAS)
  if (!page) return null
  page._refcount++
  page.value = 0
  return page
}

define(migrate_vma, function* (pgmap, mm, addr) {
  const vma = find_vma(mm, addr)
  if (!vma?.anon_vma) return -EINVAL
  const page = yield* get_and_lock(mm, addr)
  return yield* page ? move_in(pgmap, vma, addr, page) : migrate_vma_insert_page(pgmap, vma, addr)
})

/**
 * Takes a locked page from everybody, and gives the copy to this address at once. It is writable where nobody else has
 * it: the swap slot, which kept it findable on the way, has no user then but its entry and the move itself.
 */
function move_in(pgmap: dev_pagemap, vma: vm_area_struct, addr: number, page: page): Task<number> {
  return unmap_and_move(
    page,
    () => device_private_alloc(pgmap),
    function* (slot) {
      const write = may_write(vma) && slot.count === 2
      if (slot.page) yield* map_device_private(vma, addr, slot, slot.page, write)
    },
  )
}

/**
 * Where no page is, or that of zeros, which secondary TLBs lose under the page table lock (001:140-143). Linux's own
 * (mm/migrate.c).
 */
export const migrate_vma_insert_page = symbol(
  'migrate_vma_insert_page',
  function* (pgmap: dev_pagemap, vma: vm_area_struct, addr: number): Task<number> {
    const { vm_mm: mm } = vma
    const page = device_private_alloc(pgmap)
    if (!page) return -ENOMEM
    const range = clear_range(mm, addr, addr + 1)
    yield* mmu_notifier_invalidate_range_start(range)
    yield* spin_lock(mm.page_table_lock)
    const old = mm.pgd.get(addr)
    const isVacant = !mm.swapped.has(addr) && (!old || old.pfn === ZERO_PFN)
    if (isVacant) {
      adopt(page, vma, addr)
      if (old) yield* ptep_clear_flush_notify(mm, addr)
      yield* set_pte_at(mm, addr, page.pfn, may_write(vma))
    }
    spin_unlock(mm.page_table_lock)
    if (!isVacant) yield* put_page(page)
    yield* mmu_notifier_invalidate_range_only_end(range)
    return isVacant ? 0 : -EAGAIN
  },
)

define(migrate_to_ram, function* (_mm, _addr, page) {
  return yield* unmap_and_move(page, alloc_page)
})

/** Moves a page of device memory back for good, whoever has it. The device gives out none meanwhile. The model's own. */
export function* evict(page: page): Task<void> {
  for (;;) {
    yield* lock_page(page)
    if (page._refcount === ZONE_DEVICE_BIAS) return unlock_page(page)
    yield* get_page(page)
    yield* unmap_and_move(page, alloc_page)
  }
}
