import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

interface Waits {
  /** The lock that each task is about to take. */
  readonly taking: Map<number, string>
  /** By lock, tasks that sleep for it. */
  readonly sleeping: Map<string, Set<number>>
  reported: boolean
}

/** Whoever would end the wait waits for the one who waits: no order of locks shows it. */
export const eventsAreInvisible = contract({
  id: 'LCK-23',
  kind: 'adversary',
  binds: 'debug',
  says: 'a wait that cannot end, as whoever would end it needs a lock of the one who waits, is met, and lockdep is silent',
  cites: ['002:1891-1905'],
  minimum: { exercised: 3, witnesses: 1 },
  uses: { locks },
  start: (): Waits => ({ taking: new Map(), sleeping: new Map(), reported: false }),
  on: {
    mutex_lock: ({ taking }, { task, lock }) => void taking.set(task, lock),
    schedule: ({ taking, sleeping }, { task }) => {
      const lock = taking.get(task)
      if (lock === undefined) return
      const tasks = sleeping.get(lock)
      if (tasks) tasks.add(task)
      else sleeping.set(lock, new Set([task]))
    },
    'mutex_lock.return': ({ taking, sleeping }, { task, lock }) => {
      taking.delete(task)
      sleeping.get(lock)?.delete(task)
    },
    lockdep_report: (state) => void (state.reported = true),
    'schedule_timeout.return': (state, { task, result }, { locks }, tell) => {
      if (result !== 0 || state.reported) return
      const blocking = heldBy(locks, task).find(({ lock }) => state.sleeping.get(lock)?.size)
      if (blocking) tell.exercise(`only a timer ended a wait with ${blocking.name} held`)
    },
  },
})
