import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'

/** A pass that must not block must not block at its end either, nor when it is undone. */
export const endsDoNotBlock = contract({
  id: 'BLK-21',
  binds: 'driver',
  says: 'the end of a pass that must not block, and of one that is undone, neither sleeps nor waits for a lock that sleeps, free or not',
  cites: ['002:153-157', '004:52-55'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { callbacks },
  /** How each pass was begun. */
  start: () => new Map<string, boolean>(),
  on: {
    __mmu_notifier_invalidate_range_start: (state, { pass, blockable }) =>
      void state.set(pass, blockable),
    invalidate_range_end: (state, { mn, pass, blockable }, _known, tell) => {
      if (blockable && state.get(pass) === false)
        tell.object(`${mn} is told that the end of ${pass} may block, as its start might not`)
    },
    mutex_lock: (_state, { task, name }, { callbacks }, tell) =>
      objectTo(`mutex_lock ${name}`, task, callbacks, tell),
    down_read: (_state, { task, name }, { callbacks }, tell) =>
      objectTo(`down_read ${name}`, task, callbacks, tell),
    down_write: (_state, { task, name }, { callbacks }, tell) =>
      objectTo(`down_write ${name}`, task, callbacks, tell),
    schedule: (_state, { task, why }, { callbacks }, tell) => objectTo(why, task, callbacks, tell),
    'invalidate_range_end.return': (_state, { blockable }, _known, tell) => {
      if (!blockable) tell.exercise('an end did not block')
    },
  },
})

function objectTo(what: string, task: number, state: Callbacks, tell: Tell): void {
  const end = callbacksOf(state, task).findLast(({ op, blockable }) => op === 'end' && !blockable)
  if (end) tell.object(`${what} in the end of ${end.pass}, which must not block, of ${end.on}`)
}
