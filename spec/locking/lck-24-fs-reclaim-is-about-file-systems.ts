import { contract } from '../contract'
import { entersReclaim, lockOrder, reclaim } from '../facts/lock-order'
import { __GFP_NOLOCKDEP, gfpflags_allow_blocking } from '../headers/gfp'

interface Allocation {
  acquired: boolean
  asked: boolean
  reclaims: boolean
}

/** Two rules: which allocations recurse into file systems, and which may sleep. */
export const fsReclaimIsAboutFileSystems = contract({
  id: 'LCK-24',
  binds: 'debug',
  says: 'an allocation passes through fs_reclaim exactly if it may enter file systems, and asks might_sleep whenever it may reclaim at all, and else does not reclaim',
  cites: ['002:1981-1984', '002:4010-4015'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: { lockOrder },
  /** The allocations that each task is inside of, outermost first. */
  start: () => new Map<number, Allocation[]>(),
  on: {
    kmalloc: (state, { task }) => {
      const fresh = { acquired: false, asked: false, reclaims: false }
      const open = state.get(task)
      if (open) open.push(fresh)
      else state.set(task, [fresh])
    },
    lock_map_acquire: (state, { task, map }) => {
      const allocation = state.get(task)?.at(-1)
      if (allocation && map === reclaim) allocation.acquired = true
    },
    might_sleep: (state, { task }) => {
      const allocation = state.get(task)?.at(-1)
      if (allocation) allocation.asked = true
    },
    do_try_to_free_pages: (state, { task }) => {
      const allocation = state.get(task)?.at(-1)
      if (allocation) allocation.reclaims = true
    },
    'kmalloc.return': (state, { task, gfp }, { lockOrder }, tell) => {
      const allocation = state.get(task)?.pop()
      if (!allocation) return
      const { acquired, asked, reclaims } = allocation
      const fileSystems = entersReclaim(lockOrder, task, gfp)
      const sleeps = gfpflags_allow_blocking(gfp)
      const optedOut = (gfp & __GFP_NOLOCKDEP) !== 0
      if (!optedOut && acquired !== fileSystems)
        tell.object(
          `an allocation that may ${fileSystems ? '' : 'not '}enter file systems passes ${acquired ? 'through' : 'by'} fs_reclaim`,
        )
      else if (asked !== sleeps)
        tell.object(`an allocation that may ${sleeps ? '' : 'not '}sleep says otherwise`)
      else if (reclaims && !sleeps) tell.object('an allocation that may not reclaim does')
      else if (reclaims) tell.exercise('reclaims')
      else tell.exercise(fileSystems ? 'file systems' : sleeps ? 'sleeps' : 'neither')
    },
  },
})
