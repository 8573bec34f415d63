import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** Ranges whose unregistration is under way, by task, and what has happened in it. */
type Calls = Map<number, { readonly range: string; toreDown: boolean }>

/** Giving a range back can be what ends the address space, there and then. */
export const unregisterMayEndTheMm = contract({
  id: 'LIF-23',
  binds: 'driver',
  says: 'hmm_range_unregister is called where exit_mmap may run: with no lock held',
  cites: ['000:862-865'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { locks },
  start: (): Calls => new Map(),
  on: {
    hmm_range_unregister: (calls, { task, range }, { locks }, tell) => {
      calls.set(task, { range, toreDown: false })
      const [held] = heldBy(locks, task)
      if (held) tell.object(`${range} is unregistered with ${held.name} held`)
    },
    exit_mmap: (calls, { task }) => {
      const call = calls.get(task)
      if (call) call.toreDown = true
    },
    'hmm_range_unregister.return': (calls, { task }, _known, tell) => {
      const call = calls.get(task)
      calls.delete(task)
      if (call) tell.exercise(call.toreDown ? 'it ended the mm' : 'others keep the mm')
    },
  },
})
