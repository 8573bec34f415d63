import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'
import { reaping } from '../facts/reaping'
import { __GFP_DIRECT_RECLAIM, __GFP_FS, gfpflags_allow_blocking } from '../headers/gfp'

interface Spins {
  /** Spinlocks that the reaper takes, by name. */
  readonly taken: Map<string, string>
  /** Spinlocks under which somebody allocated in a way that may reclaim, and how. */
  readonly reclaimedUnder: Map<string, string>
}

/** Which flags are left out does not matter: what may reclaim may wait for memory, and there is none. */
export const noReclaimingAllocation = contract({
  id: 'OOM-03',
  binds: 'driver',
  says: 'no allocation with __GFP_DIRECT_RECLAIM, GFP_NOFS and GFP_NOIO included, is made by the oom reaper or under a spinlock that it takes',
  cites: ['002:2453-2455', '002:3383-3384', '002:1981-1983'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { locks, reaping },
  start: (): Spins => ({ taken: new Map(), reclaimedUnder: new Map() }),
  on: {
    kmalloc: ({ reclaimedUnder }, { task, gfp }, { locks, reaping }, tell) => {
      if (!gfpflags_allow_blocking(gfp)) return
      if (reaping.byTask.has(task))
        tell.object(`task ${task} allocates with ${flagsOf(gfp)} while it reaps`)
      for (const { lock, sleeping } of heldBy(locks, task))
        if (!sleeping) reclaimedUnder.set(lock, flagsOf(gfp))
    },
    'spin_lock.return': ({ taken }, { task, lock, name }, { reaping }) => {
      if (reaping.byTask.has(task)) taken.set(lock, name)
    },
    run_end: ({ taken, reclaimedUnder }, _event, _known, tell) => {
      for (const [lock, name] of taken) {
        const flags = reclaimedUnder.get(lock)
        if (flags === undefined) tell.exercise(name)
        else tell.object(`the reaper takes ${name}, under which somebody allocates with ${flags}`)
      }
    },
  },
})

function flagsOf(gfp: number): string {
  const without = gfp & __GFP_FS ? '' : ' without __GFP_FS'
  return gfp & __GFP_DIRECT_RECLAIM ? `__GFP_DIRECT_RECLAIM${without}` : 'no reclaim'
}
