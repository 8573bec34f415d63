import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** Nobody may take it for granted that mmap_sem is held. */
export const passesInEveryContext = contract({
  id: 'LCK-12',
  kind: 'adversary',
  binds: 'mm',
  says: 'passes are begun with mmap_sem held for writing, for reading, and not at all',
  cites: ['000:4739-4740', '002:900-905', '002:4174-4176', '000:7204-7206'],
  minimum: { exercised: 100, witnesses: 4 },
  uses: { locks },
  on: {
    mmu_notifier_invalidate_range_start: (_state, { task }, { locks }, tell) => {
      const held = heldBy(locks, task).map(({ mode, name }) => `${mode} ${name}`)
      tell.exercise(held.sort().join(', ') || 'nothing held')
    },
  },
})
