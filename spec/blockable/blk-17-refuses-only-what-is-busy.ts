import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { EAGAIN } from '../headers/types'

/** Memory can be had quickly wherever nobody is in the way. */
export const refusesOnlyWhatIsBusy = contract({
  id: 'BLK-17',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a callback that must not block refuses only after something that it tried was taken',
  cites: ['002:3542-3546', '002:3423-3426'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { callbacks },
  /** Tasks that found something taken in the callback that they are in. */
  start: () => new Set<number>(),
  on: {
    invalidate_range_start: (state, { task }) => void state.delete(task),
    sync_cpu_device_pagetables: (state, { task }) => void state.delete(task),
    'mutex_trylock.return': (state, { task, result }) => {
      if (result === 0) state.add(task)
    },
    'spin_trylock.return': (state, { task, result }) => {
      if (result === 0) state.add(task)
    },
    'down_read_trylock.return': (state, { task, result }) => {
      if (result === 0) state.add(task)
    },
    'sync_cpu_device_pagetables.return': (state, event, _known, tell) => {
      const { task, mirror, blockable, result } = event
      if (blockable) return
      if (result === 0) tell.exercise('a mirror agreed')
      else if (result !== -EAGAIN) return
      else if (state.has(task)) tell.exercise('a mirror found something taken')
      else tell.object(`${mirror} refuses although nothing that it tried was taken`)
      // Whoever asked it has to refuse too.
      if (result !== 0) state.add(task)
    },
    'invalidate_range_start.return': (state, event, { callbacks }, tell) => {
      const { task, mn, blockable, result } = event
      const busy = state.delete(task)
      if (blockable || callbacksOf(callbacks, task).length > 0) return
      if (result === 0) tell.exercise('a notifier agreed')
      else if (result === -EAGAIN && !busy)
        tell.object(`${mn} refuses although nothing that it tried was taken`)
    },
  },
})
