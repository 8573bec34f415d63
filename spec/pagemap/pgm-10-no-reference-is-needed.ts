import { contract } from '../contract'
import { lookupsOf, pagemapOf, pagemaps } from '../facts/pagemaps'
import { rangeUse, useOf } from '../facts/range-use'

/** The notifiers are the other mechanism by which a driver learns that the memory goes. */
export const noReferenceIsNeeded = contract({
  id: 'PGM-10',
  kind: 'permission',
  binds: 'driver',
  says: 'a driver that mirrors an address space stores entries for device memory without a reference to its pagemap, also while it is taken away',
  cites: ['003:1'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { pagemaps, rangeUse },
  on: {
    device_pte_set: (_state, { task, page, pfn }, { pagemaps, rangeUse }, tell) => {
      const owner = pagemapOf(pagemaps, pfn)
      if (!owner || !useOf(rangeUse, task, page)) return
      if (lookupsOf(pagemaps, task, owner.pgmap) === 0)
        tell.exercise(owner.phase === 'live' ? 'while it is there' : 'while it is taken away')
    },
  },
})
