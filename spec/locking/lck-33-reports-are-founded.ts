import { contract } from '../contract'
import { lockOrder, reclaim } from '../facts/lock-order'
import { __GFP_NOLOCKDEP } from '../headers/gfp'

/** A map that stands for a context may say too much: what is told to keep quiet teaches nothing. */
export const reportsAreFounded = contract({
  id: 'LCK-33',
  binds: 'debug',
  says: 'every step of a reported cycle was taken, and an allocation that opts out of lockdep teaches it nothing',
  cites: ['002:4035-4037', '002:4974', '002:4335-4336'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { lockOrder },
  /** Whether the allocations that a task is in opt out, the innermost last: one that reclaims may lead to another. */
  start: () => new Map<number, boolean[]>(),
  on: {
    kmalloc: (state, { task, gfp }) => {
      const optsOut = (gfp & __GFP_NOLOCKDEP) !== 0
      state.set(task, [...(state.get(task) ?? []), optsOut])
    },
    lock_map_acquire: (state, { task, map }, _known, tell) => {
      if (state.get(task)?.at(-1) && map === reclaim)
        tell.object(`task ${task} allocates with __GFP_NOLOCKDEP and passes through ${map}`)
    },
    'kmalloc.return': (state, { task }, _known, tell) => {
      if (state.get(task)?.pop()) tell.exercise('an allocation that opts out')
    },
    lockdep_report: (_state, { cycle, earlier }, { lockOrder }, tell) => {
      const kinds = cycle.split(' -> ')
      if (earlier > 0 || kinds.length === 2) return
      const unseen = kinds
        .slice(1)
        .findIndex((next, i) => !lockOrder.after.get(kinds[i]!)?.has(next))
      if (unseen < 0) tell.exercise('a report')
      else
        tell.object(
          `lockdep reports ${cycle}; ${kinds[unseen + 1]} was never taken with ${kinds[unseen]} held`,
        )
    },
  },
})
