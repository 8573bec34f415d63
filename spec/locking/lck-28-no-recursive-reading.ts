import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** A writer that queues between the two readings waits for the first, and the second for the writer. */
export const noRecursiveReading = contract({
  id: 'LCK-28',
  binds: 'driver',
  says: 'a task that holds a lock for reading does not wait to read under it again',
  cites: ['000:6497-6498', '000:3962-3964'],
  minimum: { exercised: 500, witnesses: 2 },
  uses: { locks },
  on: {
    down_read: (_state, { task, lock, name }, { locks }, tell) => {
      if (heldBy(locks, task).some((held) => held.lock === lock))
        tell.object(`task ${task} reads under ${name} and waits to read under it again`)
      else tell.exercise(name)
    },
  },
})
