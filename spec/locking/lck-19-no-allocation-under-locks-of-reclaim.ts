import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks } from '../facts/locks'
import { gfpflags_allow_blocking } from '../headers/gfp'

interface Reclaim {
  /** Tasks that unmap a page for reclaim, and in how many callbacks they were already. */
  readonly unmapping: Map<number, number>
  /** Locks that reclaim takes itself, by name. */
  readonly taken: Set<string>
  /** Names of locks held over an allocation that may reclaim, and by whom. */
  readonly held: Map<string, string>
}

/** Who holds what reclaim needs, and reclaims, waits for himself. */
export const noAllocationUnderLocksOfReclaim = contract({
  id: 'LCK-19',
  binds: 'driver',
  says: 'nothing that may reclaim is allocated with a lock held through which reclaim finds the mappings of a page',
  cites: ['002:4642-4643', '002:4225-4227'],
  minimum: { exercised: 200, witnesses: 1 },
  uses: { callbacks, locks },
  start: (): Reclaim => ({ unmapping: new Map(), taken: new Set(), held: new Map() }),
  on: {
    try_to_unmap: ({ unmapping }, { task }, { callbacks }) =>
      void unmapping.set(task, callbacksOf(callbacks, task).length),
    'try_to_unmap.return': ({ unmapping }, { task }) => void unmapping.delete(task),
    down_read: ({ unmapping, taken }, { task, name }, { callbacks }, tell) => {
      // Within the callbacks that it calls it is others who take locks.
      if (callbacksOf(callbacks, task).length !== unmapping.get(task)) return
      taken.add(name)
      tell.exercise(`reclaim takes ${name}`)
    },
    kmalloc: ({ held }, { task, gfp }, { locks }) => {
      if (!gfpflags_allow_blocking(gfp)) return
      for (const { name } of heldBy(locks, task))
        if (!held.has(name)) held.set(name, `task ${task} allocates with ${name} held`)
    },
    run_end: ({ taken, held }, _event, _known, tell) => {
      for (const name of taken)
        if (held.has(name)) tell.object(`${held.get(name)}, which reclaim takes`)
    },
  },
})
