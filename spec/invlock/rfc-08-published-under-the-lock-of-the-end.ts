import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** What no invalidation has collided with is so only while the lock is held. */
export const publishedUnderTheLockOfTheEnd = contract({
  id: 'RFC-08',
  binds: 'driver',
  says: 'what was read in a section is stored for the device after its end answered false, before the lock held then is released',
  cites: ['000:6828-6835'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { locks },
  /** By task in whose operation a section was ended: the locks that it has held since; none after a retry. */
  start: () => new Map<number, Set<string>>(),
  on: {
    operation: (ended, { task }) => void ended.delete(task),
    'mn_invlock_end_write_and_unlock.return': (ended, { task, result }, { locks }) => {
      const held = result ? [] : heldBy(locks, task).map(({ lock }) => lock)
      ended.set(task, new Set(held))
    },
    spin_unlock: (ended, { task, lock }) => void ended.get(task)?.delete(lock),
    mutex_unlock: (ended, { task, lock }) => void ended.get(task)?.delete(lock),
    device_pte_set: (ended, { task, name, page }, _known, tell) => {
      const held = ended.get(task)
      if (!held) return
      if (held.size > 0) tell.exercise('under the lock')
      else
        tell.object(`${name} gets an entry for page ${page} when the lock of the end is released`)
    },
  },
})
