/**
 * Huge entries: one maps several pages, and is cleared and stored as a whole.
 *
 * They are there from the start, or take the place of another one. Left out: faults that make one, and
 * collapsing. What Linux write-protects, moves or shares as a whole is split first. Every page has a count of its own,
 * where Linux counts at the first.
 */
import { range } from 'lodash'
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import {
  HPAGE_PMD_NR,
  alloc_huge_page,
  alloc_page,
  pmd_start,
  pmdp_huge_clear_flush_notify,
  put_page,
  set_pmd_at,
  set_pte_at,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { ENOMEM, type page, type pte, type vm_area_struct } from '../../spec/headers/types'
import { pfn_to_page } from '../hardware/memory'
import { clear_range } from './mm_types'
import { adopt } from './rmap'

// ---- a writer gets a copy ------------------------------------------------------------------------------------

/** Gives the writer a copy of a huge page, as a whole if there is memory for one. Linux's own (mm/huge_memory.c). */
export function* do_huge_pmd_wp_page(vma: vm_area_struct, addr: number, old: pte): Task<number> {
  const copies = alloc_huge_page()
  if (!copies) return yield* do_huge_pmd_wp_page_fallback(vma, addr, old)
  return yield* replace_huge_pmd(vma, addr, old, copies, (haddr) =>
    set_pmd_at(vma.vm_mm, haddr, copies[0]!.pfn, true),
  )
}

/** Gives the writer copies of the pages one by one. */
function* do_huge_pmd_wp_page_fallback(vma: vm_area_struct, addr: number, old: pte): Task<number> {
  const copies = yield* alloc_pages()
  if (!copies) return -ENOMEM
  return yield* replace_huge_pmd(vma, addr, old, copies, function* (haddr) {
    for (const [n, { pfn }] of copies.entries()) yield* set_pte_at(vma.vm_mm, haddr + n, pfn, true)
  })
}

/**
 * Lets copies take the place of a huge page. There is no entry from the time when secondary TLBs are told until `store`
 * has made new ones (001:241-252). The model's own: what both ways have in common.
 */
export const replace_huge_pmd = symbol(
  'replace_huge_pmd',
  function* (
    vma: vm_area_struct,
    addr: number,
    old: pte,
    copies: readonly page[],
    store: (haddr: number) => AtomicTask<void>,
  ): Task<number> {
    const { vm_mm: mm } = vma
    const haddr = pmd_start(addr)
    const pass = clear_range(mm, haddr, haddr + HPAGE_PMD_NR)
    yield* mmu_notifier_invalidate_range_start(pass)
    yield* spin_lock(mm.page_table_lock)
    const unchanged = mm.pgd.get(addr) === old
    if (unchanged) {
      copy_huge_page(copies, vma, haddr)
      yield* pmdp_huge_clear_flush_notify(mm, haddr)
      yield* store(haddr)
    }
    spin_unlock(mm.page_table_lock)
    yield* put_pages(unchanged ? pagesFrom(old.pfn - addr + haddr) : copies)
    yield* mmu_notifier_invalidate_range_only_end(pass)
    return 0
  },
)

/** The pages that a huge entry maps. The model's own. */
export function pagesFrom(pfn: number): page[] {
  return range(pfn, pfn + HPAGE_PMD_NR).map(pfn_to_page)
}

/** Frames that need not be next to each other. */
function* alloc_pages(): AtomicTask<page[] | null> {
  const pages: page[] = []
  while (pages.length < HPAGE_PMD_NR) {
    const page = alloc_page()
    if (!page) {
      yield* put_pages(pages)
      return null
    }
    pages.push(page)
  }
  return pages
}

/** The copies can be found from here on. The model's own. */
export function copy_huge_page(copies: readonly page[], vma: vm_area_struct, haddr: number): void {
  for (const [n, copy] of copies.entries()) {
    copy.value = pfn_to_page(vma.vm_mm.pgd.get(haddr + n)!.pfn).value
    adopt(copy, vma, haddr + n)
  }
}

/** Drops a reference to each. The model's own. */
export function* put_pages(pages: readonly page[]): AtomicTask<void> {
  for (const page of pages) yield* put_page(page)
}
