import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { mirrors } from '../facts/mirrors'
import { EAGAIN } from '../headers/types'

/** HMM's own lock always can be had, so HMM refuses for its mirrors only. */
export const twoReasonsToRefuse = contract({
  id: 'BLK-24',
  binds: 'hmm',
  says: 'HMM refuses a pass only if mirrors_sem could not be had at once or if a mirror refused',
  cites: ['000:3082-3088'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks, mirrors },
  /** Why the start that each task is inside of may refuse. */
  start: () => new Map<number, string>(),
  on: {
    'down_read_trylock.return': (state, { task, result }, { callbacks }) => {
      if (result === 0 && callbacksOf(callbacks, task).at(-1)?.op === 'start')
        state.set(task, 'mirrors_sem was taken')
    },
    'sync_cpu_device_pagetables.return': (state, { task, result }) => {
      if (result === -EAGAIN) state.set(task, 'a mirror refused')
    },
    'invalidate_range_start.return': (state, { task, mn, blockable, result }, known, tell) => {
      const why = state.get(task)
      state.delete(task)
      if (blockable || result !== -EAGAIN || !known.mirrors.notifiers.get(mn)?.hmm) return
      if (why !== undefined) tell.exercise(why)
      else tell.object(`HMM refuses although it had mirrors_sem and no mirror refused`)
    },
  },
})
