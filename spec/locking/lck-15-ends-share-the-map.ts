import { contract } from '../contract'

interface Ending {
  /** Maps that starts acquire. */
  readonly ofStarts: Set<string>
  readonly starting: Set<number>
  /** By task, whether the end that it is inside of has acquired one, and is inside SRCU. */
  readonly ending: Map<number, { acquired: string; reading: boolean }>
}

/** A lock that only an end takes keeps an invalidation waiting as well. */
export const endsShareTheMap = contract({
  id: 'LCK-15',
  binds: 'debug',
  says: "every end passes through the starts' lock map, outside its SRCU section",
  cites: ['002:1036-1038', '002:5224-5226'],
  minimum: { exercised: 300, witnesses: 1 },
  start: (): Ending => ({ ofStarts: new Set(), starting: new Set(), ending: new Map() }),
  on: {
    mmu_notifier_invalidate_range_start: ({ starting }, { task }) => void starting.add(task),
    __mmu_notifier_invalidate_range_start: ({ starting }, { task }) => void starting.delete(task),
    'mmu_notifier_invalidate_range_start.return': ({ starting }, { task }) =>
      void starting.delete(task),
    __mmu_notifier_invalidate_range_end: ({ ending }, { task }) =>
      void ending.set(task, { acquired: '', reading: false }),
    'srcu_read_lock.return': ({ ending }, { task }) => {
      const end = ending.get(task)
      if (end) end.reading = true
    },
    lock_map_acquire: ({ ofStarts, starting, ending }, { task, map }) => {
      if (starting.has(task)) ofStarts.add(map)
      const end = ending.get(task)
      if (end && !end.reading) end.acquired = map
    },
    '__mmu_notifier_invalidate_range_end.return': (state, { task, pass }, _known, tell) => {
      const end = state.ending.get(task)
      state.ending.delete(task)
      if (!end || state.ofStarts.size === 0) return
      if (state.ofStarts.has(end.acquired)) tell.exercise('the map of the starts')
      else tell.object(`${pass} ends, and lockdep hears ${end.acquired || 'nothing'} of it`)
    },
  },
})
