import { contract } from '../contract'
import { callbackLocks } from '../facts/callback-locks'
import { heldBy, locks } from '../facts/locks'

/** Whoever waits for it in an invalidation waits for everything that its holder waits for. */
export const deviceLocksAreShort = contract({
  id: 'LCK-08',
  level: 'SHOULD',
  binds: 'driver',
  says: "nobody sleeps with the lock held that a driver's callback takes",
  cites: ['002:2622-2625'],
  minimum: { exercised: 200, witnesses: 1 },
  uses: { callbackLocks, locks },
  /** Locks that somebody held when he went to sleep, and how. */
  start: () => new Map<string, string>(),
  on: {
    schedule: (state, { task, why }, { locks }) => {
      for (const { lock, name } of heldBy(locks, task))
        if (!state.has(lock)) state.set(lock, `task ${task} sleeps (${why}) with ${name} held`)
    },
    device_pte_set: (_state, { task }, { locks }, tell) => {
      if (heldBy(locks, task).length > 0) tell.exercise('an entry was set under a lock')
    },
    run_end: (state, _event, { callbackLocks }, tell) => {
      for (const [lock, what] of state) {
        const on = callbackLocks.drivers.get(lock)
        if (on !== undefined) tell.object(`${what}, which the callback of ${on} takes`)
      }
    },
  },
})
