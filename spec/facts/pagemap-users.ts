/** Who uses a pagemap: entries of page tables that lead to its pages, references to them, and lookups. */
import type { Memory } from './memory'
import type { Pagemap, Pagemaps } from './pagemaps'
import type { Pins } from './pins'

export interface Uses {
  readonly memory: Memory
  readonly pagemaps: Pagemaps
  readonly pins: Pins
}

/** A page of an address space whose entry leads to a pagemap's page. */
export interface Mapped {
  readonly mm: string
  readonly page: number
  readonly pfn: number
}

/** The entries of CPUs that lead to a pagemap's pages. */
export function mappedBy({ cpu }: Memory, { pfns }: Pagemap): Mapped[] {
  return [...cpu].flatMap(([mm, table]) =>
    [...table].flatMap(([page, { pfn }]) => (pfns.has(pfn) ? [{ mm, page, pfn }] : [])),
  )
}

/** Who has a reference to a page of a pagemap, or to the pagemap, in a sentence each. */
export function usersOf({ memory, pagemaps, pins }: Uses, pagemap: Pagemap): string[] {
  const { pfns, pgmap } = pagemap
  return [
    ...mappedBy(memory, pagemap).map(
      ({ mm, page, pfn }) => `page ${page} of ${mm} maps pfn ${pfn}`,
    ),
    ...[...pins.held].flatMap(({ task, pfn }) =>
      pfns.has(pfn) ? [`task ${task} holds pfn ${pfn}`] : [],
    ),
    ...[...pagemaps.lookups].flatMap(([task, held]) =>
      (held.get(pgmap) ?? 0) > 0 ? [`task ${task} has looked it up`] : [],
    ),
  ]
}
