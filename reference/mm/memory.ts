/**
 * Faults: bringing pages in, and giving a writer its own copy of a shared one.
 *
 * Left out: swap, files and huge pages. Every area is anonymous and may be written.
 */
import { writes } from '../../engine/footprint'
import { define } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import {
  alloc_page,
  find_vma,
  handle_mm_fault,
  ptep_clear_flush,
  put_page,
  set_pte_at,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EFAULT, ENOMEM, MMU_NOTIFY_CLEAR } from '../../spec/headers/types'
import type { mmu_notifier_range, page, pte, vm_area_struct } from '../../spec/headers/types'
import { frameState, pfn_to_page } from '../hardware/memory'
import { read_pte } from './pgtable'

/** Makes `addr` present, and writable if `write`. The caller holds mmap_sem. */
define(handle_mm_fault, function* (mm, addr, write) {
  const vma = find_vma(mm, addr)
  if (!vma) return -EFAULT
  const entry = yield* read_pte(mm, addr)
  if (!entry) return yield* do_anonymous_page(vma, addr)
  return write && !entry.write ? yield* wp_page_copy(vma, addr, entry) : 0
})

/** Puts a fresh page where nothing was: nobody can have a translation, so nobody is told. */
function* do_anonymous_page(vma: vm_area_struct, addr: number): Task<number> {
  const { vm_mm: mm } = vma
  const page = alloc_page()
  if (!page) return -ENOMEM
  yield* spin_lock(mm.page_table_lock)
  if (mm.pgd.has(addr)) {
    spin_unlock(mm.page_table_lock)
    yield* put_page(page)
    return 0
  }
  adopt(page, vma, addr)
  yield* set_pte_at(mm, addr, page.pfn, true)
  spin_unlock(mm.page_table_lock)
  return 0
}

/** Gives the writer a copy of a shared page; the old translation ends before the new one begins (001:372-382). */
function* wp_page_copy(vma: vm_area_struct, addr: number, old: pte): Task<number> {
  const { vm_mm: mm } = vma
  const copy = alloc_page()
  if (!copy) return -ENOMEM
  const range: mmu_notifier_range = {
    mm,
    start: addr,
    end: addr + 1,
    flags: 0,
    event: MMU_NOTIFY_CLEAR,
  }
  yield* mmu_notifier_invalidate_range_start(range)
  yield* spin_lock(mm.page_table_lock)
  const unchanged = mm.pgd.get(addr) === old
  if (unchanged) {
    writes(frameState)
    copy.value = pfn_to_page(old.pfn).value
    adopt(copy, vma, addr)
    yield* ptep_clear_flush(mm, addr)
    yield* set_pte_at(mm, addr, copy.pfn, true)
  }
  spin_unlock(mm.page_table_lock)
  yield* put_page(unchanged ? pfn_to_page(old.pfn) : copy)
  yield* mmu_notifier_invalidate_range_end(range)
  return 0
}

/** From here on reclaim can find the page. */
export function adopt(page: page, vma: vm_area_struct, addr: number): void {
  writes(frameState)
  page.mapping = vma.anon_vma
  page.index = addr
}
