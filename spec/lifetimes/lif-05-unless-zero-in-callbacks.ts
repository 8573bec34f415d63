import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

/** A callback may meet an object whose last reference is gone: it asks, and does not revive it. */
export const unlessZeroInCallbacks = contract({
  id: 'LIF-05',
  binds: 'hmm',
  says: 'a notifier callback references its object with kref_get_unless_zero; a count that reached zero never rises again',
  cites: ['000:131-133', '000:2466-2469'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { callbacks },
  /** Counts whose last reference was dropped. */
  start: () => new Set<string>(),
  on: {
    'kref_put.return': (gone, { kref, result }) => void (result && gone.add(kref)),
    kref_get: (gone, { task, kref }, { callbacks }, tell) => {
      const inside = callbacksOf(callbacks, task).at(-1)
      if (gone.has(kref))
        tell.object(`${kref} is referenced again after its last reference was dropped`)
      else if (inside?.op === 'start' || inside?.op === 'end' || inside?.op === 'release')
        tell.object(
          `the ${inside.op} callback of ${inside.on} takes ${kref} without asking whether it is zero`,
        )
      else tell.exercise('referenced while held')
    },
    'kref_get_unless_zero.return': (gone, { kref, result }, _known, tell) => {
      if (result && gone.has(kref))
        tell.object(`${kref} is revived after its last reference was dropped`)
      else tell.exercise(result ? 'asked and got it' : 'asked and was refused')
    },
  },
})
