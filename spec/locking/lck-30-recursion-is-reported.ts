import type { Tell } from '../contract'
import { contract } from '../contract'
import { heldBy, locks, type Locks } from '../facts/locks'

/** No map is needed to see that a task waits for itself. */
export const recursionIsReported = contract({
  id: 'LCK-30',
  binds: 'debug',
  says: 'a task that waits for a lock of a kind that it holds is reported, whatever it allocates and however',
  cites: ['002:4964-4969'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { locks },
  /** Kinds that a task takes once more, until that is reported. */
  start: () => new Map<number, string>(),
  on: {
    mutex_lock: (state, event, { locks }) => expectReport(state, event, locks),
    'mutex_lock.return': (state, { task }, _known, tell) => unreported(state, task, tell),
    down_write: (state, event, { locks }) => expectReport(state, event, locks),
    'down_write.return': (state, { task }, _known, tell) => unreported(state, task, tell),
    lockdep_report: (state, { task, cycle }, _known, tell) => {
      const kind = state.get(task)
      if (kind === undefined || cycle !== `${kind} -> ${kind}`) return
      state.delete(task)
      tell.exercise(kind)
    },
    run_end: (state, _event, _known, tell) => {
      for (const task of [...state.keys()]) unreported(state, task, tell)
    },
  },
})

function expectReport(
  state: Map<number, string>,
  { task, name }: { task: number; name: string },
  locks: Locks,
): void {
  if (heldBy(locks, task).some((held) => held.name === name)) state.set(task, name)
}

function unreported(state: Map<number, string>, task: number, tell: Tell): void {
  const kind = state.get(task)
  if (kind === undefined) return
  state.delete(task)
  tell.object(`task ${task} holds a ${kind} and waits for another one, and nothing is reported`)
}
