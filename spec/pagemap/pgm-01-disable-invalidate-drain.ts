import { contract } from '../contract'
import { pagemapOf, pagemaps, removedBy } from '../facts/pagemaps'

/** Each step rests on the one before: what could still come would not be unmapped, or waited for. */
export const disableInvalidateDrain = contract({
  id: 'PGM-01',
  binds: 'mm',
  says: 'a pagemap is taken away in this order: it is disabled, its pages are unmapped, its references are waited for, and only then are its pages freed',
  cites: ['003:1'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { pagemaps },
  on: {
    unmap_mapping_pages: (_state, { task }, { pagemaps }, tell) => {
      const removed = removedBy(pagemaps, task)
      if (removed?.phase === 'begun')
        tell.object(`${removed.pgmap} is unmapped before it is disabled`)
    },
    dev_pagemap_cleanup: (_state, { pgmap }, { pagemaps }, tell) => {
      const phase = pagemaps.byId.get(pgmap)?.phase
      if (phase !== 'invalidated') tell.object(`${pgmap} is waited for when it is ${phase}`)
    },
    __free_page: (_state, { pfn }, { pagemaps }, tell) => {
      const owner = pagemapOf(pagemaps, pfn)
      if (!owner) return
      const { pgmap, phase, pfns } = owner
      if (phase !== 'drained') tell.object(`pfn ${pfn} of ${pgmap} is freed when it is ${phase}`)
      else if (pfns.size === 1) tell.exercise('the last page')
      else tell.exercise('a page of several')
    },
  },
})
