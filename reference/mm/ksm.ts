/**
 * Same-page merging: anonymous pages of one content become one page, which whoever writes gets a copy of.
 *
 * Left out: the trees in which Linux keeps what it has seen, and the way from a merged page to all of its addresses, so
 * that reclaim finds it at one of them only.
 */
import { reads, writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import {
  get_page,
  madvise_mergeable,
  pages_identical,
  ptep_clear_flush,
  ptep_set_wrprotect,
  put_page,
  set_pte_at,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EINVAL } from '../../spec/headers/types'
import type { mm_struct, page } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'
import { get_and_lock, unlock_and_put } from './gup'
import { clear_range } from './mm_types'
import { split_huge_at } from './pgtable'

/** Lets every page of [start, end) become the first one, where it has the same content. */
define(madvise_mergeable, function* (mm, start, end) {
  if (end <= start) return -EINVAL
  yield* down_read(mm.mmap_sem)
  for (let addr = start + 1; addr < end; addr++) yield* try_to_merge_two_pages(mm, addr, start)
  up_read(mm.mmap_sem)
  return 0
})

/** Both pages are held and locked: nobody takes them out meanwhile. Linux's own (mm/ksm.c). */
export const try_to_merge_two_pages = symbol(
  'try_to_merge_two_pages',
  function* (mm: mm_struct, addr: number, other: number): Task<void> {
    const page = yield* get_and_lock(mm, addr)
    if (!page) return
    const kpage = yield* get_and_lock(mm, other)
    if (kpage) {
      const isSafe =
        page !== kpage &&
        (yield* write_protect_page(mm, addr, page)) &&
        (yield* write_protect_page(mm, other, kpage)) &&
        pages_identical(page, kpage)
      if (isSafe) yield* replace_page(mm, addr, page, kpage)
      yield* unlock_and_put(kpage)
    }
    yield* unlock_and_put(page)
  },
)

/** The entry's and the caller's. */
const refsOfNobodyElse = 2

/**
 * From the end on nobody writes to the page, as a writer has to copy it: who holds it otherwise could, so it is left
 * alone then. Linux's own (mm/ksm.c).
 */
export function* write_protect_page(mm: mm_struct, addr: number, page: page): Task<boolean> {
  const pass = clear_range(mm, addr, addr + 1)
  yield* mmu_notifier_invalidate_range_start(pass)
  yield* spin_lock(mm.page_table_lock)
  writes(frameState)
  const entry = mm.pgd.get(addr)
  const isAlone = entry?.pfn === page.pfn && page._refcount === refsOfNobodyElse
  if (isAlone) {
    yield* split_huge_at(mm, addr)
    if (entry.write) yield* ptep_set_wrprotect(mm, addr)
    page.anon_exclusive = false
  }
  spin_unlock(mm.page_table_lock)
  yield* mmu_notifier_invalidate_range_end(pass)
  return isAlone
}

/**
 * What nobody may write is replaced by the same: secondary TLBs may be told when the pass ends, and the caller's
 * reference keeps the old page until then (001:285, 001:448-452).
 */
export const replace_page = symbol(
  'replace_page',
  function* (mm: mm_struct, addr: number, page: page, kpage: page): Task<void> {
    const pass = clear_range(mm, addr, addr + 1)
    yield* mmu_notifier_invalidate_range_start(pass)
    yield* spin_lock(mm.page_table_lock)
    const entry = mm.pgd.get(addr)
    const unchanged = entry?.pfn === page.pfn && !entry.write
    if (unchanged) {
      yield* get_page(kpage)
      yield* ptep_clear_flush(mm, addr)
      yield* set_pte_at(mm, addr, kpage.pfn, false)
    }
    spin_unlock(mm.page_table_lock)
    if (unchanged) yield* put_page(page)
    yield* mmu_notifier_invalidate_range_end(pass)
  },
)

define(pages_identical, (page, other) => {
  reads(frameState)
  return page.value === other.value
})
