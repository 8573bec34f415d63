import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

interface Reading {
  /** Locks that were held at the last test, which found no collision, and ever since; none before and after others. */
  readonly held: Set<string>
  retries: number
}

/** What was read is fresh only as long as no callback can have its lock. */
export const publishedUnderTheLockOfTheTest = contract({
  id: 'INT-12',
  binds: 'driver',
  says: 'after read_begin an entry is stored for the device only when read_retry was false, under a lock that is held since',
  cites: ['003:2', '000:6283-6290'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks },
  /** By task that has begun to read in its operation. */
  start: () => new Map<number, Reading>(),
  on: {
    operation: (readings, { task }) => void readings.delete(task),
    mmu_interval_read_begin: (readings, { task }) => {
      const before = readings.get(task)
      readings.set(task, { held: new Set(), retries: before ? before.retries + 1 : 0 })
    },
    'mmu_interval_read_retry.return': (readings, { task, result }, { locks }) => {
      const held = readings.get(task)?.held
      held?.clear()
      if (!result) for (const { lock } of heldBy(locks, task)) held?.add(lock)
    },
    spin_unlock: (readings, { task, lock }) => void readings.get(task)?.held.delete(lock),
    mutex_unlock: (readings, { task, lock }) => void readings.get(task)?.held.delete(lock),
    device_pte_set: (readings, { task, name, page }, _known, tell) => {
      const reading = readings.get(task)
      if (!reading) return
      if (reading.held.size === 0)
        tell.object(
          `${name} gets page ${page} under no lock that is held since a test without a collision`,
        )
      else tell.exercise(reading.retries > 0 ? 'read again' : 'read once')
    },
  },
})
