import { contract } from '../contract'
import { flushes, lossInSection, type Cleared } from '../facts/flushes'
import { isSameForReaders, merges } from '../facts/merges'

/** Whoever reads the old page reads what the new one has. */
export const theSameMayWait = contract({
  id: 'TLB-06',
  kind: 'permission',
  binds: 'mm',
  says: 'that a page which nobody may write was replaced by such a page of the same content may be told when the pass ends',
  cites: ['001:448-450', '001:285'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { flushes, merges },
  /** Entries that were replaced so, and are not told of yet. */
  start: (): { waiting: Cleared[] } => ({ waiting: [] }),
  on: {
    set_pte_at: ({ waiting }, event, { flushes, merges }) => {
      const lost = lossInSection(flushes, event.task, event.mm, event.page)
      if (!lost || lost.told !== null || lost.pfn === event.pfn) return
      if (isSameForReaders(merges, event, lost.pfn)) waiting.push(lost)
    },
    'invalidate_range.return': (state, _event, _known, tell) => {
      for (const { told } of state.waiting)
        if (told === 'later') tell.exercise('told when the pass ends')
      state.waiting = state.waiting.filter(({ told }) => told === null)
    },
  },
})
