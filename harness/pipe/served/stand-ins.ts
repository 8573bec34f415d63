/**
 * What the reference's code reaches without a symbol, and finds in the process of the suite instead: memory,
 * addresses, the CPU's page table, and what there is one of. Everything else of it runs as it stands.
 */
import type { hmm, mmu_notifier_mm, pte } from '../../../spec/headers/types'
import { Ask, Global, type AskNow, type Memory } from './memory'

/** The names of a module's exports, bound anew for whoever imports them. */
function bindAnew<M extends object>(module: M, exports: Partial<M>): void {
  Object.assign(module, exports)
}

type Access = typeof import('../../../reference/kernel/access')
type Hmm = typeof import('../../../reference/mm/hmm')
type MmTypes = typeof import('../../../reference/mm/mm_types')
type Notifier = typeof import('../../../reference/mm/mmu_notifier')
type Pgtable = typeof import('../../../reference/mm/pgtable')
type Slab = typeof import('../../../reference/kernel/slab')

export function standIn(memory: Memory, askNow: AskNow): void {
  const asked = (symbol: string, ...objects: object[]): unknown =>
    memory.fromWire(askNow(symbol, ...objects.map((object) => memory.toWire(object))))
  const alloc =
    <T extends object>(kind: string) =>
    (init: Partial<T> = {}) =>
      memory.fromWire(askNow('alloc', { text: kind }, memory.toWire(init))) as T
  bindAnew(require('../../../reference/kernel/slab') as Slab, {
    container_of: <T extends object>(embedded: object) => asked('container_of', embedded) as T,
    addressOf: (object) => asked('address_of', object) as number,
    should_failslab: () => asked('should_failslab') as boolean,
    POISON_INUSE: memory.poison as never,
  })
  bindAnew(require('../../../reference/kernel/access') as Access, {
    READ_ONCE: (read) => memory.once(read),
    WRITE_ONCE: (write) => memory.once(write),
  })
  bindAnew(require('../../../reference/mm/mm_types') as MmTypes, {
    mmu_notifier_mm_alloc: alloc<mmu_notifier_mm>('mmu_notifier_mm'),
  })
  bindAnew(require('../../../reference/mm/hmm') as Hmm, { hmm_struct: alloc<hmm>('hmm') })
  bindAnew(require('../../../reference/mm/mmu_notifier') as Notifier, {
    mmu_notifier_srcu: () => new Global('mmu_notifier_srcu') as never,
    __mmu_notifier_invalidate_range_start_map: new Global(
      '__mmu_notifier_invalidate_range_start_map',
    ) as never,
  })
  bindAnew(require('../../../reference/mm/pgtable') as Pgtable, {
    *read_pte(mm, addr) {
      const entry = (yield new Ask('read_pte', [mm, addr]) as never) as unknown
      if (entry === null) return null
      const [pfn, write] = entry as [number, number]
      return { pfn, write: write === 1 } satisfies pte
    },
  })
}
