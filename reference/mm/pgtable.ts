/** The CPU's page table. Hardware walkers take no lock, so every store is a point of its own. */
import { define } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import { ptep_clear_flush, set_pte_at } from '../../spec/headers/mm'
import type { mm_struct, pte } from '../../spec/headers/types'

define(set_pte_at, function* (mm, addr, pfn, write) {
  yield* point('set pte', addr)
  mm.pgd.set(addr, { pfn, write })
})

define(ptep_clear_flush, function* (mm, addr) {
  yield* point('clear pte', addr)
  const old = mm.pgd.get(addr)
  mm.pgd.delete(addr)
  return old?.pfn ?? -1
})

/** Reads an entry as a walker does. */
export function* read_pte(mm: mm_struct, addr: number): AtomicTask<pte | null> {
  yield* point('read pte', addr)
  return mm.pgd.get(addr) ?? null
}
