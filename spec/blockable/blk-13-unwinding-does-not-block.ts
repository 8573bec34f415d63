import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbacks, nonBlockable, type Callbacks } from '../facts/callbacks'
import { EAGAIN } from '../headers/types'

/** What has been done is taken back under a lock that can always be had. */
export const unwindingDoesNotBlock = contract({
  id: 'BLK-13',
  binds: 'hmm',
  says: 'a start that has to refuse takes back what it did under a lock that it gets without sleeping and without fail',
  cites: ['000:2981-2982'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks },
  /** By task, what made the callback that it is in refuse. */
  start: () => new Map<number, string>(),
  on: {
    'down_read_trylock.return': (state, { task, name, result }, { callbacks }, tell) => {
      tried(state, task, name, callbacks, tell)
      const inStart = nonBlockable(callbacks, task)?.op === 'start'
      if (inStart && result === 0) state.set(task, `${name} was taken`)
    },
    'mutex_trylock.return': (state, { task, name }, { callbacks }, tell) =>
      tried(state, task, name, callbacks, tell),
    mutex_lock: (state, { task, name }, { callbacks }, tell) =>
      tried(state, task, name, callbacks, tell),
    'sync_cpu_device_pagetables.return': (state, { task, blockable, result }) => {
      if (!blockable && result === -EAGAIN) state.set(task, 'a mirror refused')
    },
    'spin_lock.return': (state, { task }, _known, tell) => {
      if (state.has(task)) tell.exercise(state.get(task)!)
    },
    'invalidate_range_start.return': (state, { task }) => void state.delete(task),
  },
})

function tried(
  state: Map<number, string>,
  task: number,
  name: string,
  callbacks: Callbacks,
  tell: Tell,
): void {
  if (!state.has(task) || nonBlockable(callbacks, task)?.op !== 'start') return
  tell.object(`${state.get(task)}, and to take back what it did task ${task} needs ${name}`)
}
