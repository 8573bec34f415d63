import { contract } from '../contract'
import { pagemapOf, pagemaps } from '../facts/pagemaps'
import { rangeUse } from '../facts/range-use'
import { translations } from '../facts/translations'

/** A mirror needs no reference to memory that it never uses behind its callback's back. */
export const mirrorsKeepNothing = contract({
  id: 'PGM-05',
  binds: 'driver',
  says: 'when a page of device memory is freed no device that mirrors an address space can translate to it, though no driver holds a reference to its pagemap',
  cites: ['003:1', '003:2'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { pagemaps, rangeUse, translations },
  on: {
    __free_page: (_state, { pfn }, { pagemaps, rangeUse, translations }, tell) => {
      if (!pagemapOf(pagemaps, pfn)) return
      for (const [device, { name, entries, had }] of translations.byDevice) {
        if (!rangeUse.mirrorOf.has(device)) continue
        const still = [...entries].find(([, entry]) => entry.pfn === pfn)
        const before = had.get(pfn)
        if (still) tell.object(`pfn ${pfn} is gone and ${name} translates page ${still[0]} to it`)
        else if (before) tell.exercise(before.write ? 'it could write there' : 'it could read it')
      }
    },
  },
})
