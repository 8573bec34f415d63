import { contract } from '../contract'
import { invlockOf, invlocks } from '../facts/invlocks'
import { heldBy, locks } from '../facts/locks'

/** A reader begins with mmap_sem held, and in nobody's invalidation. */
export const sectionsBeginWhenNothingIsOpen = contract({
  id: 'RFC-04',
  binds: 'notifier-core',
  says: 'start_write_and_lock is called without mmap_sem, and returns with it, for reading or writing, while no interesting invalidation is open',
  cites: ['000:6978-6980', '000:6992-7002'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { invlocks, locks },
  on: {
    mm_invlock_start_write_and_lock: (_state, { task }, { locks }, tell) => {
      if (heldBy(locks, task).some(({ name }) => name === 'mmap_sem'))
        tell.object('a section is begun with mmap_sem held')
    },
    'mm_invlock_start_write_and_lock.return': (_state, { task, invlock }, known, tell) => {
      const held = heldBy(known.locks, task).find(({ name }) => name === 'mmap_sem')
      if (!held) tell.object(`the section of ${invlock} begins without mmap_sem`)
      else if (invlockOf(known.invlocks, invlock).interesting)
        tell.object(`the section of ${invlock} begins while an interesting invalidation is open`)
      else tell.exercise(held.mode)
    },
  },
})
