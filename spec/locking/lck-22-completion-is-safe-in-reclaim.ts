import { contract } from '../contract'
import { completions } from '../facts/completions'
import { heldBy, locks } from '../facts/locks'
import { gfpflags_allow_blocking } from '../headers/gfp'

/** The whole way to the signal runs by the rules of reclaim, as reclaim may be what waits at its end. */
export const completionIsSafeInReclaim = contract({
  id: 'LCK-22',
  binds: 'driver',
  says: 'no lock that is taken on the way to a signal which an invalidation waits for is held over an allocation that may reclaim',
  cites: ['002:2896-2902', '002:3076-3077'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { completions, locks },
  /** Locks held over such an allocation, and by whom. */
  start: () => new Map<string, string>(),
  on: {
    kmalloc: (state, { task, gfp }, { locks }) => {
      if (!gfpflags_allow_blocking(gfp)) return
      for (const { lock, name } of heldBy(locks, task))
        if (!state.has(lock)) state.set(lock, `task ${task} allocates with ${name} held`)
    },
    run_end: (state, _event, { completions }, tell) => {
      for (const [fence, on] of completions.waited)
        for (const [lock, name] of completions.signalled.get(fence)?.locks ?? [])
          if (state.has(lock))
            tell.object(
              `${state.get(lock)}, which is taken on the way to ${fence}, for which ${on} waits`,
            )
          else tell.exercise(name)
    },
  },
})
