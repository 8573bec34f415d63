import { contract } from '../contract'
import { flushes, lossInSection, type Cleared } from '../facts/flushes'

/** A page that is not free before the pass ends need not be told of before. */
export const swapEntriesMayWait = contract({
  id: 'TLB-12',
  kind: 'permission',
  binds: 'mm',
  says: 'that an entry became one that is not present may be told when the pass ends, as the page is held until then',
  cites: ['001:322-328'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { flushes },
  /** Entries that were replaced so, and are not told of yet. */
  start: (): { waiting: Cleared[] } => ({ waiting: [] }),
  on: {
    set_swp_pte_at: ({ waiting }, { task, mm, page }, { flushes }) => {
      const lost = lossInSection(flushes, task, mm, page)
      if (lost && lost.told === null) waiting.push(lost)
    },
    'invalidate_range.return': (state, _event, _known, tell) => {
      for (const { told } of state.waiting)
        if (told === 'later') tell.exercise('told when the pass ends')
      state.waiting = state.waiting.filter(({ told }) => told === null)
    },
  },
})
