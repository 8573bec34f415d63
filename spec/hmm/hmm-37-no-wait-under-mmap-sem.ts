import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** Whoever waits for an invalidation holds nothing that it may need. */
export const noWaitUnderMmapSem = contract({
  id: 'HMM-37',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a task does not sleep for the validity of a range with mmap_sem held',
  cites: ['000:4457-4459'],
  minimum: { exercised: 100, witnesses: 1 },
  uses: { locks },
  /** What each task waits for. */
  start: () => new Map<number, string>(),
  on: {
    hmm_range_wait_until_valid: (waits, { task, range }) => void waits.set(task, range),
    'hmm_range_wait_until_valid.return': (waits, { task }) => void waits.delete(task),
    schedule_timeout: (waits, { task }, { locks }, tell) => {
      const range = waits.get(task)
      if (range === undefined) return
      if (heldBy(locks, task).some(({ name }) => name === 'mmap_sem'))
        tell.object(`task ${task} sleeps for ${range} with mmap_sem held`)
      else tell.exercise('slept without it')
    },
  },
})
