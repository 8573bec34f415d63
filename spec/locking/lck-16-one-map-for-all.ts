import { contract } from '../contract'

interface Maps {
  readonly starting: Set<number>
  /** The map that a start acquired first, and by whom. */
  first: string
  by: number
}

/** Each driver contributes its part of a cycle; only one map joins the parts. */
export const oneMapForAll = contract({
  id: 'LCK-16',
  binds: 'debug',
  says: 'all starts pass through the same lock map, whoever makes them and whoever is told',
  cites: ['002:1434-1438'],
  minimum: { exercised: 300, witnesses: 2 },
  start: (): Maps => ({ starting: new Set(), first: '', by: -1 }),
  on: {
    mmu_notifier_invalidate_range_start: ({ starting }, { task }) => void starting.add(task),
    lock_map_acquire: (state, { task, map }, _known, tell) => {
      if (!state.starting.delete(task)) return
      if (state.first === '') {
        state.first = map
        state.by = task
      } else if (map === state.first)
        tell.exercise(task === state.by ? 'the same task' : 'another task')
      else tell.object(`one pass goes through ${state.first} and another through ${map}`)
    },
    'mmu_notifier_invalidate_range_start.return': ({ starting }, { task }) =>
      void starting.delete(task),
  },
})
