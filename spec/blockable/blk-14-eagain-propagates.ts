import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { EAGAIN } from '../headers/types'

/** One mirror that cannot do without blocking makes the whole start refuse. */
export const eagainPropagates = contract({
  id: 'BLK-14',
  binds: 'hmm',
  says: 'if a mirror answers -EAGAIN to a non-blockable update, the notifier that asked it answers -EAGAIN too',
  cites: ['000:2977-2979', '000:3113-3118'],
  minimum: { exercised: 30, witnesses: 1 },
  uses: { callbacks },
  /** The mirror that refused during the start each task is inside of. */
  start: () => new Map<number, string>(),
  on: {
    'sync_cpu_device_pagetables.return': (
      state,
      { task, mirror, blockable, result },
      { callbacks },
    ) => {
      const asked = callbacksOf(callbacks, task).some(({ op }) => op === 'start')
      if (asked && !blockable && result === -EAGAIN) state.set(task, mirror)
    },
    'invalidate_range_start.return': (state, { task, mn, result }, _known, tell) => {
      const mirror = state.get(task)
      state.delete(task)
      if (mirror === undefined) return
      if (result === -EAGAIN) tell.exercise('a mirror refused')
      else tell.object(`${mn} answers ${result} although ${mirror} had refused with -EAGAIN`)
    },
  },
})
