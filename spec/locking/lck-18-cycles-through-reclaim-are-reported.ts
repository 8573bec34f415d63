import { contract } from '../contract'
import { leadsTo, lockOrder, reclaim, throughReclaim, type LockOrder } from '../facts/lock-order'

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
        if (reports.some((cycle) => isOnTheWay(cycle, kind, lockOrder))) tell.exercise(kind)
        else tell.object(`${kind} is held over reclaim and taken by it, and nothing is reported`)
      }
    },
  },
})

/** One step can close several cycles, of which the shortest is reported: it has a step of each. */
function isOnTheWay(cycle: string, kind: string, order: LockOrder): boolean {
  const kinds = cycle.split(' -> ')
  const reaches = (from: string, to: string) => from === to || leadsTo(order, from, to)
  return kinds.slice(1).some((next, i) => reaches(reclaim, kinds[i]!) && reaches(next, kind))
}
