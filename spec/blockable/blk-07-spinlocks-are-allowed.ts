import { contract } from '../contract'
import { callbacks, nonBlockable } from '../facts/callbacks'

/** Whoever spins waits for somebody who cannot sleep. */
export const spinlocksAreAllowed = contract({
  id: 'BLK-07',
  kind: 'permission',
  binds: 'debug',
  says: 'a spinlock may be taken inside a callback that must not block, and nothing is reported',
  cites: ['002:159-162'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { callbacks },
  /** Tasks that take a spinlock inside such a callback. */
  start: () => new Map<number, string>(),
  on: {
    spin_lock: (state, { task, name }, { callbacks }) => {
      if (nonBlockable(callbacks, task)) state.set(task, name)
    },
    debug_report: (state, { task, report }, _known, tell) => {
      if (state.has(task)) tell.object(`taking ${state.get(task)} is reported: ${report}`)
    },
    'spin_lock.return': (state, { task, name }, _known, tell) => {
      if (state.delete(task)) tell.exercise(name)
    },
  },
})
