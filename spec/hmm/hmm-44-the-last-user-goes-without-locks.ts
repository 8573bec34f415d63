import { contract } from '../contract'
import { heldBy, locks, type Held } from '../facts/locks'
import { rangeUse, type RangeUse } from '../facts/range-use'

/** Dropping a user may tear the address space down, which takes all that a driver might hold. */
export const theLastUserGoesWithoutLocks = contract({
  id: 'HMM-44',
  binds: 'driver',
  says: 'an mmput, that of hmm_range_unregister too, is not made with mmap_sem, mirrors_sem, an update lock or a spinlock held',
  cites: ['000:863-865', '000:744-746'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { locks, rangeUse },
  /** Ranges being unregistered, by task. */
  start: () => new Map<number, string>(),
  on: {
    hmm_range_unregister: (unregistering, { task, range }) => void unregistering.set(task, range),
    'hmm_range_unregister.return': (unregistering, { task }) => void unregistering.delete(task),
    mmput: (unregistering, { task, mm }, { locks, rangeUse }, tell) => {
      const held = heldBy(locks, task).find((lock) => mustNotBeHeld(lock, rangeUse))
      if (held) tell.object(`task ${task} drops a user of ${mm} with ${held.name} held`)
      else tell.exercise(unregistering.has(task) ? 'with a range' : 'a user of its own')
    },
    exit_mmap: (unregistering, { task }, _known, tell) => {
      if (unregistering.has(task)) tell.exercise('with a range, and it was the last')
    },
  },
})

function mustNotBeHeld({ lock, name, sleeping }: Held, { updateLocks }: RangeUse): boolean {
  if (!sleeping || name === 'mmap_sem' || name === 'mirrors_sem') return true
  return [...updateLocks.values()].some((update) => update.includes(lock))
}
