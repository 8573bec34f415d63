import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

interface Registrations {
  /** Locks that passes of an mm were begun under, without mmap_sem, as `mm lock`. */
  readonly ofPasses: Set<string>
  /** Locks taken for writing in the registration that each task is inside of. */
  readonly taken: Map<number, Set<string>>
  /** Locks of passes that a registration did not take, and whose it was. */
  readonly missed: Map<string, string>
}

/** Whoever begins a pass holds a lock that registration takes. */
export const registrationTakesAllLocks = contract({
  id: 'LCK-26',
  binds: 'notifier-core',
  says: 'a notifier is registered with mmap_sem and every lock held for writing under which passes are begun without mmap_sem',
  cites: ['002:4698-4699', '002:461-463'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks },
  start: (): Registrations => ({ ofPasses: new Set(), taken: new Map(), missed: new Map() }),
  on: {
    __mmu_notifier_invalidate_range_start: ({ ofPasses, missed }, event, { locks }, tell) => {
      const { task, mm, pass } = event
      const held = heldBy(locks, task).filter(({ sleeping }) => sleeping)
      // The lock closest to the pass; others may be the caller's own.
      const last = held.at(-1)
      if (!last || held.some(({ name }) => name === 'mmap_sem')) return
      // Used before and after the registration: it was a lock of the mm at that time too.
      const lock = `${mm} ${last.lock}`
      if (missed.has(lock))
        tell.object(
          `${pass} is begun under ${last.name} alone, without which ${missed.get(lock)} was registered`,
        )
      else tell.exercise(ofPasses.has(lock) ? 'a lock that is known' : 'a lock not met before')
      ofPasses.add(lock)
    },
    __mmu_notifier_register: ({ taken }, { task, mn }, { locks }, tell) => {
      taken.set(task, new Set())
      const sem = heldBy(locks, task).find(({ name }) => name === 'mmap_sem')
      if (sem?.mode !== 'exclusive')
        tell.object(`${mn} is registered without mmap_sem held for writing`)
    },
    down_write: ({ taken }, { task, lock }) => void taken.get(task)?.add(lock),
    down_write_nest_lock: ({ taken }, { task, lock }) => void taken.get(task)?.add(lock),
    '__mmu_notifier_register.return': ({ ofPasses, taken, missed }, { task, mn, mm, result }) => {
      const own = taken.get(task)
      taken.delete(task)
      if (result !== 0) return
      for (const known of ofPasses) {
        const [of, lock] = known.split(' ') as [string, string]
        if (of === mm && own && !own.has(lock)) missed.set(known, mn)
      }
    },
  },
})
