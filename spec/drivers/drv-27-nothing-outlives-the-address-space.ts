import { contract } from '../contract'
import { translations } from '../facts/translations'

interface Exits {
  /** By task, the address space that it tears down. */
  readonly underWay: Map<number, string>
  /** When each page frame became free last. */
  readonly freedAt: Map<number, number>
}

/** Whoever is released is told of nothing after that: the pages that are unmapped then are nobody's. */
export const nothingOutlivesTheAddressSpace = contract({
  id: 'DRV-27',
  binds: 'driver',
  says: 'when the end of an address space frees a page no device of that address space has a translation to it that its driver has stored',
  cites: ['000:4731-4733', '000:1155-1156'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { translations },
  start: (): Exits => ({ underWay: new Map(), freedAt: new Map() }),
  on: {
    exit_mmap: ({ underWay }, { task, mm }) => void underWay.set(task, mm),
    'exit_mmap.return': ({ underWay }, { task }) => void underWay.delete(task),
    __free_page: ({ underWay, freedAt }, { task, pfn, at }, { translations }, tell) => {
      const before = freedAt.get(pfn) ?? -1
      freedAt.set(pfn, at)
      const mm = underWay.get(task)
      for (const { name, mm: own, shares, entries, had } of translations.byDevice.values()) {
        // A device that shares the CPU's page table has no driver that stores entries: TLB-04 is about it.
        if (own !== mm || shares) continue
        const still = [...entries].find(([, entry]) => entry.pfn === pfn)
        if (still)
          tell.object(
            `the end of ${mm} frees pfn ${pfn}, which ${name} has at page ${still[0]} still`,
          )
        else if ((had.get(pfn)?.at ?? -1) > before) tell.exercise(`${name} had it`)
      }
    },
  },
})
