import { contract } from '../contract'
import { EAGAIN } from '../headers/types'

/** Whatever the callbacks answer, the caller of a pass sees 0 or -EAGAIN. */
export const illegalCodesAreContained = contract({
  id: 'BLK-15',
  binds: 'notifier-core',
  says: 'an illegal answer of a callback is warned of, and the pass still reports only 0, or -EAGAIN where it must not block',
  cites: ['000:3114-3115', '002:727-738'],
  minimum: { exercised: 200, witnesses: 3 },
  /** Illegal answers that nobody has warned of yet, by task. */
  start: () => new Map<number, string>(),
  on: {
    'invalidate_range_start.return': (state, { task, mn, blockable, result }) => {
      if (result !== 0 && (blockable || result !== -EAGAIN))
        state.set(task, `${mn} answered ${result}`)
    },
    __warn: (state, { task }) => void state.delete(task),
    '__mmu_notifier_invalidate_range_start.return': (
      state,
      { task, pass, blockable, result },
      _known,
      tell,
    ) => {
      const legal = result === 0 || (!blockable && result === -EAGAIN)
      if (!legal)
        tell.object(
          `the ${blockable ? 'blockable' : 'non-blockable'} ${pass} reports ${result} to its caller`,
        )
      else if (state.has(task)) tell.object(`${state.get(task)} in ${pass} and nobody warned`)
      else
        tell.exercise(
          `${blockable ? 'blockable' : 'non-blockable'}, ${result === 0 ? 'agreed' : 'refused'}`,
        )
      state.delete(task)
    },
  },
})
