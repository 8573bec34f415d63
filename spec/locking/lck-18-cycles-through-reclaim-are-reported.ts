import { contract } from '../contract'
import { lockOrder, reclaim, throughReclaim } from '../facts/lock-order'

/** It takes no shortage of memory to know that a shortage would be the end. */
export const cyclesThroughReclaimAreReported = contract({
  id: 'LCK-18',
  binds: 'debug',
  says: 'a lock that is held over an allocation which may reclaim and that reclaim takes is reported, though nobody reclaims',
  cites: ['002:1686-1691', '002:2730-2734'],
  minimum: { exercised: 10, witnesses: 1 },
  uses: { lockOrder },
  /** Cycles that were reported. */
  start: (): string[] => [],
  on: {
    lockdep_report: (reports, { cycle }) => void reports.push(cycle),
    run_end: (reports, _event, { lockOrder }, tell) => {
      for (const kind of throughReclaim(lockOrder)) {
        const reported = reports.some((cycle) => {
          const kinds = cycle.split(' -> ')
          return kinds.includes(kind) && kinds.includes(reclaim)
        })
        if (reported) tell.exercise(kind)
        else tell.object(`${kind} is held over reclaim and taken by it, and nothing is reported`)
      }
    },
  },
})
