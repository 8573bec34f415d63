import { contract } from '../contract'

interface Starting {
  /** Maps acquired and not released in the start that each task is inside of. */
  readonly inside: Map<number, { held: number; acquired: boolean; told: boolean }>
}

/** What an invalidation may wait for is learned from every caller, whoever listens. */
export const theMapWithoutNotifiers = contract({
  id: 'LCK-14',
  binds: 'debug',
  says: 'every blockable start passes through a lock map, whether or not a notifier is registered',
  cites: ['002:1474-1476', '002:468-473'],
  minimum: { exercised: 300, witnesses: 2 },
  start: (): Starting => ({ inside: new Map() }),
  on: {
    mmu_notifier_invalidate_range_start: ({ inside }, { task }) =>
      void inside.set(task, { held: 0, acquired: false, told: false }),
    lock_map_acquire: ({ inside }, { task }) => {
      const start = inside.get(task)
      if (!start) return
      start.held++
      if (!start.told) start.acquired = true
    },
    lock_map_release: ({ inside }, { task }) => {
      const start = inside.get(task)
      if (start) start.held--
    },
    __mmu_notifier_invalidate_range_start: ({ inside }, { task }) => {
      const start = inside.get(task)
      if (start) start.told = true
    },
    'mmu_notifier_invalidate_range_start.return': ({ inside }, { task, pass }, _known, tell) => {
      const start = inside.get(task)
      inside.delete(task)
      if (!start) return
      if (!start.acquired) tell.object(`${pass} begins, and lockdep does not hear of it`)
      else if (start.held !== 0) tell.object(`the map of ${pass} is left acquired`)
      else tell.exercise(start.told ? 'notifiers' : 'no notifier')
    },
  },
})
