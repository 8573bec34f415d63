import { contract } from '../contract'
import { EAGAIN } from '../headers/types'

/** Whoever watches for warnings must not be alarmed by what is allowed. */
export const aRefusalIsNoWarning = contract({
  id: 'BLK-03',
  binds: 'debug',
  says: 'when a callback answers -EAGAIN to a pass that must not block, its caller does not WARN',
  cites: ['002:637-642', '002:90-91'],
  minimum: { exercised: 100, witnesses: 2 },
  /** By task, whose legal refusal is being dealt with. */
  start: () => new Map<number, string>(),
  on: {
    'sync_cpu_device_pagetables.return': (state, { task, mirror, blockable, result }) => {
      if (!blockable && result === -EAGAIN) state.set(task, mirror)
    },
    'invalidate_range_start.return': (state, { task, mn, blockable, result }, _known, tell) => {
      if (state.delete(task)) tell.exercise('a mirror refused')
      if (!blockable && result === -EAGAIN) state.set(task, mn)
    },
    __warn: (state, { task, site }, _known, tell) => {
      if (state.has(task))
        tell.object(`${state.get(task)} refused, as it may, and is warned of: ${site}`)
    },
    // What comes next is another callback's business.
    invalidate_range_start: (state, { task }) => void state.delete(task),
    invalidate_range_end: (state, { task }, _known, tell) => {
      if (state.delete(task)) tell.exercise('a notifier refused, and others are told of the end')
    },
    '__mmu_notifier_invalidate_range_start.return': (state, { task }, _known, tell) => {
      if (state.delete(task)) tell.exercise('a notifier refused')
    },
  },
})
