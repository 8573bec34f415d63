import { contract } from '../contract'
import { busyness } from '../facts/busyness'

interface Uses {
  /** By range, the spell of busyness in which it was last walked, told by the position of its beginning. */
  readonly walkedIn: Map<string, number>
}

/** While an invalidation goes on there is nothing to be had by faulting again. */
export const waitsBeforeItFaultsAgain = contract({
  id: 'HMM-40',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a driver that is told to retry waits: in one spell of invalidations it faults at most once',
  cites: ['000:3942-3946'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { busyness },
  start: (): Uses => ({ walkedIn: new Map() }),
  on: {
    hmm_range_register: ({ walkedIn }, { range }) => void walkedIn.delete(range),
    hmm_range_fault: ({ walkedIn }, { range }, { busyness }, tell) => {
      const since = busyness.ranges.get(range)?.busySince
      if (typeof since !== 'number') {
        if (walkedIn.has(range)) tell.exercise('faulted again when it was quiescent')
        return
      }
      if (walkedIn.get(range) === since)
        return tell.object(`${range} is faulted again while the invalidation that hit it goes on`)
      walkedIn.set(range, since)
      tell.exercise('faulted once in a spell')
    },
  },
})
