import { contract } from '../contract'
import { translations } from '../facts/translations'

/** A device never has a way to a page that may be somebody else's by now. */
export const noFreePageIsTranslated = contract({
  id: 'TLB-04',
  binds: 'mm',
  says: 'when a page is freed no device that shares the page table of the CPU has a translation to it',
  cites: ['001:375-376'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { translations },
  /** When each page frame became free last. */
  start: (): Map<number, number> => new Map(),
  on: {
    __free_page: (freedAt, { pfn, at }, { translations }, tell) => {
      const before = freedAt.get(pfn) ?? -1
      freedAt.set(pfn, at)
      for (const { name, shares, entries, had } of translations.byDevice.values()) {
        // What a driver has stored into a device's own page table is MMN-02's.
        if (!shares) continue
        const last = had.get(pfn)
        const still = [...entries].find(([, entry]) => entry.pfn === pfn)
        if (still)
          tell.object(`pfn ${pfn} is freed while ${name} translates page ${still[0]} to it`)
        else if (last && last.at > before)
          tell.exercise(last.write ? 'it could write there' : 'it could read it')
      }
    },
  },
})
