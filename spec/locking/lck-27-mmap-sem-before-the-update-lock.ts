import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbackLocks } from '../facts/callback-locks'
import { heldBy, locks, type Locks } from '../facts/locks'

/** Callbacks come with mmap_sem held and take the update lock: nobody may do it the other way round. */
export const mmapSemBeforeTheUpdateLock = contract({
  id: 'LCK-27',
  binds: 'driver',
  says: "mmap_sem is not waited for with a lock held that the driver's callback takes",
  cites: ['000:6817-6830', '000:3967'],
  minimum: { exercised: 500, witnesses: 2 },
  uses: { callbackLocks, locks },
  /** Locks held while somebody waited for mmap_sem, and who. */
  start: () => new Map<string, string>(),
  on: {
    down_read: (state, event, { locks }, tell) => note(state, event, locks, tell),
    down_write: (state, event, { locks }, tell) => note(state, event, locks, tell),
    run_end: (state, _event, { callbackLocks }, tell) => {
      for (const [lock, what] of state) {
        const on = callbackLocks.drivers.get(lock)
        if (on !== undefined) tell.object(`${what}, which the callback of ${on} takes`)
      }
    },
  },
})

function note(
  state: Map<string, string>,
  { task, name, symbol }: { task: number; name: string; symbol: string },
  locks: Locks,
  tell: Tell,
): void {
  if (name !== 'mmap_sem') return
  for (const held of heldBy(locks, task))
    if (!state.has(held.lock))
      state.set(held.lock, `task ${task} takes mmap_sem with ${held.name} held`)
  tell.exercise(symbol)
}
