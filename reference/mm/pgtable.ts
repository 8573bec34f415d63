/** The CPU's page table. Hardware walkers take no lock, so every store is a point of its own. */
import { define } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import {
  HPAGE_PMD_NR,
  __split_huge_pmd_locked,
  pmd_start,
  pmdp_huge_clear_flush,
  pmdp_huge_clear_flush_notify,
  ptep_clear_flush,
  ptep_clear_flush_notify,
  ptep_set_wrprotect,
  set_pmd_at,
  set_pte_at,
  set_swp_pte_at,
} from '../../spec/headers/mm'
import { mmu_notifier_invalidate_range } from '../../spec/headers/mmu_notifier'
import type { mm_struct, pte } from '../../spec/headers/types'
import { pfn_to_page } from '../hardware/memory'
import { BUG_ON } from '../kernel/bug'

define(set_pte_at, function* (mm, addr, pfn, write) {
  yield* point('set pte', addr)
  mm.swapped.delete(addr)
  mm.pgd.set(addr, { pfn, write })
})

define(set_swp_pte_at, function* (mm, addr, slot) {
  yield* point('set swap pte', addr)
  mm.swapped.set(addr, slot)
})

define(ptep_set_wrprotect, function* (mm, addr) {
  yield* point('write-protect pte', addr)
  BUG_ON(is_huge(mm, addr), 'ptep_set_wrprotect of a part of a huge entry')
  mm.pgd.set(addr, { pfn: mm.pgd.get(addr)!.pfn, write: false })
})

define(ptep_clear_flush, function* (mm, addr) {
  yield* point('clear pte', addr)
  BUG_ON(is_huge(mm, addr), 'ptep_clear_flush of a part of a huge entry')
  const old = mm.pgd.get(addr)
  mm.pgd.delete(addr)
  return old?.pfn ?? -1
})

define(ptep_clear_flush_notify, function* (mm, addr) {
  const pfn = yield* ptep_clear_flush(mm, addr)
  yield* mmu_notifier_invalidate_range(mm, addr, addr + 1)
  return pfn
})

// ---- huge entries: one store, and one entry for every page of it ----------------------------------------

define(set_pmd_at, function* (mm, haddr, pfn, write) {
  yield* point('set pmd', haddr)
  for (let n = 0; n < HPAGE_PMD_NR; n++) mm.pgd.set(haddr + n, { pfn: pfn + n, write, huge: true })
})

define(pmdp_huge_clear_flush, function* (mm, haddr) {
  yield* point('clear pmd', haddr)
  const old = mm.pgd.get(haddr)
  for (let n = 0; n < HPAGE_PMD_NR; n++) mm.pgd.delete(haddr + n)
  return old?.pfn ?? -1
})

define(pmdp_huge_clear_flush_notify, function* (mm, haddr) {
  const pfn = yield* pmdp_huge_clear_flush(mm, haddr)
  yield* mmu_notifier_invalidate_range(mm, haddr, haddr + HPAGE_PMD_NR)
  return pfn
})

/**
 * One store: the table that the entries are in takes the huge one's place. Pages and permission stay, so nobody's
 * translation becomes wrong.
 */
define(__split_huge_pmd_locked, function* (mm, haddr) {
  yield* point('split pmd', haddr)
  for (let addr = haddr; addr < haddr + HPAGE_PMD_NR; addr++) {
    const { pfn, write } = mm.pgd.get(addr)!
    mm.pgd.set(addr, { pfn, write })
  }
})

/** Gives `addr` an entry of its own, which the caller is about to change. The model's own. */
export function* split_huge_at(mm: mm_struct, addr: number): AtomicTask<void> {
  if (is_huge(mm, addr)) yield* __split_huge_pmd_locked(mm, pmd_start(addr))
}

/** Reads an entry as a walker does that goes where a CPU goes. The model's own. */
export function* read_present_pte(mm: mm_struct, addr: number): AtomicTask<pte | null> {
  yield* point('read pte', addr)
  return present_pte(mm, addr)
}

/** Reads an entry, whoever reaches what it maps. The model's own. */
export function* read_pte(mm: mm_struct, addr: number): AtomicTask<pte | null> {
  yield* point('read pte', addr)
  return mm.pgd.get(addr) ?? null
}

/** The entry, if a CPU reaches what it maps: to hardware an entry of private device memory is none. The model's own. */
export function present_pte(mm: mm_struct, addr: number): pte | null {
  const entry = mm.pgd.get(addr)
  return entry && !is_device_private_entry(entry) ? entry : null
}

/** Whether an entry maps memory that no CPU reaches. Linux's own (include/linux/swapops.h). */
export function is_device_private_entry({ pfn }: pte): boolean {
  return pfn_to_page(pfn).pgmap?.type === 'MEMORY_DEVICE_PRIVATE'
}

/** Whether a huge entry maps `addr`. The model's own. */
export function is_huge(mm: mm_struct, addr: number): boolean {
  return mm.pgd.get(addr)?.huge === true
}
