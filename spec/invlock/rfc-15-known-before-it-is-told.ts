import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { passes } from '../facts/passes'

/** A pass may come as soon as a notifier is listed: what its callbacks use is there before. */
export const knownBeforeItIsTold = contract({
  id: 'RFC-15',
  binds: 'driver',
  says: 'whenever an invalidation is counted, the count already knows the address space of the pass',
  cites: ['000:6960-6963'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { callbacks, passes },
  on: {
    mmu_invlock_inv_start: (_state, { task, invlock, mm, interesting }, known, tell) => {
      const inside = callbacksOf(known.callbacks, task).at(-1)
      const about = inside && known.passes.byId.get(inside.pass)?.mm
      if (about === undefined) return
      if (mm === about) tell.exercise(interesting ? 'interesting' : 'not interesting')
      else tell.object(`${invlock} counts an invalidation of ${about}, and is about ${mm}`)
    },
  },
})
