import { contract } from '../contract'
import type { Tell } from '../contract'
import { callbacks, nonBlockable, type Callbacks } from '../facts/callbacks'

/** Where blocking is forbidden a sleeping lock is only ever tried, even if it happens to be free. */
export const trylockOnly = contract({
  id: 'BLK-18',
  binds: 'driver',
  says: 'in non-blockable mode every sleeping lock on the start path is acquired by trylock, and failure is -EAGAIN',
  cites: ['000:3082-3087', '000:3099-3100'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks },
  on: {
    mutex_lock: (_state, { task, name }, { callbacks }, tell) =>
      objectTo('mutex_lock', name, task, callbacks, tell),
    down_read: (_state, { task, name }, { callbacks }, tell) =>
      objectTo('down_read', name, task, callbacks, tell),
    down_write: (_state, { task, name }, { callbacks }, tell) =>
      objectTo('down_write', name, task, callbacks, tell),
    'mutex_trylock.return': (_state, { task, result }, { callbacks }, tell) => {
      if (nonBlockable(callbacks, task))
        tell.exercise(`mutex_trylock ${result ? 'took it' : 'failed'}`)
    },
    'down_read_trylock.return': (_state, { task, result }, { callbacks }, tell) => {
      if (nonBlockable(callbacks, task))
        tell.exercise(`down_read_trylock ${result ? 'took it' : 'failed'}`)
    },
  },
})

function objectTo(what: string, name: string, task: number, state: Callbacks, tell: Tell): void {
  const callback = nonBlockable(state, task)
  if (callback) tell.object(`${what} ${name} in the non-blockable ${callback.op} of ${callback.on}`)
}
