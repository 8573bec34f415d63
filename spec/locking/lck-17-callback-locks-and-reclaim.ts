import { contract } from '../contract'
import { callbackLocks } from '../facts/callback-locks'
import { heldBy, locks } from '../facts/locks'
import { gfpflags_allow_blocking } from '../headers/gfp'

/** Reclaim invalidates, so whoever allocates may find himself in every callback. */
export const callbackLocksAndReclaim = contract({
  id: 'LCK-17',
  binds: 'driver',
  says: 'no lock that a start callback takes is held over an allocation that may reclaim',
  cites: ['002:907-911', '002:4323-4325', '002:4805', '002:1047-1050'],
  minimum: { exercised: 500, witnesses: 2 },
  uses: { callbackLocks, locks },
  /** Locks held over such an allocation, and by whom. */
  start: () => new Map<string, string>(),
  on: {
    kmalloc: (state, { task, gfp }, { locks }, tell) => {
      if (!gfpflags_allow_blocking(gfp)) return
      const held = heldBy(locks, task)
      for (const { lock, name } of held)
        if (!state.has(lock))
          state.set(lock, `task ${task} allocates with ${name} held, and may reclaim`)
      tell.exercise(held.length > 0 ? 'with locks held' : 'with nothing held')
    },
    run_end: (state, _event, { callbackLocks }, tell) => {
      for (const [lock, what] of state) {
        const on = callbackLocks.all.get(lock)
        if (on !== undefined) tell.object(`${what}; the start of ${on} takes it`)
      }
    },
  },
})
