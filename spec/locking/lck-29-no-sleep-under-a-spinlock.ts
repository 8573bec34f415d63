import { contract } from '../contract'
import { atomicity } from '../facts/atomicity'
import { heldBy, locks } from '../facts/locks'

/** Whoever spins would spin for as long as the holder sleeps. */
export const noSleepUnderASpinlock = contract({
  id: 'LCK-29',
  binds: 'debug',
  says: 'might_sleep under a spinlock or in an atomic handler is reported, with or without lockdep',
  cites: ['002:5340-5348', '002:5373-5374'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { atomicity, locks },
  /** Tasks inside the check, and whether it has reported. */
  start: () => new Map<number, boolean>(),
  on: {
    might_sleep: (state, { task }) => void state.set(task, false),
    debug_report: (state, { task }) => {
      if (state.has(task)) state.set(task, true)
    },
    'might_sleep.return': (state, { task }, { atomicity, locks }, tell) => {
      const reported = state.get(task)
      state.delete(task)
      const spinning = heldBy(locks, task).find(({ sleeping }) => !sleeping)?.name
      const where = (atomicity.handlers.get(task) ?? 0) > 0 ? 'an atomic handler' : spinning
      if (where === undefined) return
      if (reported) tell.exercise(where)
      else tell.object(`task ${task} says that it might sleep under ${where}, and is not reported`)
    },
  },
})
