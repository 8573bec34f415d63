/** The CPU's page table. Hardware walkers take no lock, so every store is a point of its own. */
import { define } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import {
  ptep_clear_flush,
  ptep_clear_flush_notify,
  ptep_set_wrprotect,
  set_pte_at,
  set_swp_pte_at,
} from '../../spec/headers/mm'
import { mmu_notifier_invalidate_range } from '../../spec/headers/mmu_notifier'
import type { mm_struct, pte } from '../../spec/headers/types'

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
  mm.pgd.set(addr, { pfn: mm.pgd.get(addr)!.pfn, write: false })
})

define(ptep_clear_flush, function* (mm, addr) {
  yield* point('clear pte', addr)
  const old = mm.pgd.get(addr)
  mm.pgd.delete(addr)
  return old?.pfn ?? -1
})

define(ptep_clear_flush_notify, function* (mm, addr) {
  const pfn = yield* ptep_clear_flush(mm, addr)
  yield* mmu_notifier_invalidate_range(mm, addr, addr + 1)
  return pfn
})

/** Reads an entry as a walker does. The model's own. */
export function* read_pte(mm: mm_struct, addr: number): AtomicTask<pte | null> {
  yield* point('read pte', addr)
  return mm.pgd.get(addr) ?? null
}
