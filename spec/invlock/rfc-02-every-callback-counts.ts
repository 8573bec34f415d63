import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks } from '../facts/locks'

/** The count is right only if every callback counts, one at a time. */
export const everyCallbackCounts = contract({
  id: 'RFC-02',
  binds: 'driver',
  says: 'a notifier that counts one invalidation counts every one, at its start and at its end, with a lock held',
  cites: ['000:6904-6906', '000:6920-6921'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { callbacks, locks },
  /** Notifiers that have counted, and by task whether it has counted in the callback that it is inside of. */
  start: () => ({ counting: new Set<string>(), counted: new Set<number>() }),
  on: {
    invalidate_range_start: ({ counted }, { task }) => void counted.delete(task),
    invalidate_range_end: ({ counted }, { task }) => void counted.delete(task),
    mmu_invlock_inv_start: ({ counting, counted }, { task, invlock }, known, tell) => {
      const inside = callbacksOf(known.callbacks, task).at(-1)
      if (inside?.op === 'start') counting.add(inside.on)
      counted.add(task)
      if (heldBy(known.locks, task).every(({ name }) => name === 'mmap_sem'))
        tell.object(`${invlock} counts an invalidation without a lock of its driver`)
    },
    mmu_invlock_inv_end: ({ counted }, { task, invlock }, known, tell) => {
      counted.add(task)
      if (heldBy(known.locks, task).every(({ name }) => name === 'mmap_sem'))
        tell.object(`${invlock} counts an end without a lock of its driver`)
    },
    'invalidate_range_start.return': (
      { counting, counted },
      { task, mn, result },
      _known,
      tell,
    ) => {
      if (!counting.has(mn) || result !== 0) return
      if (counted.has(task)) tell.exercise('a start')
      else tell.object(`the start callback of ${mn} does not count its invalidation`)
    },
    'invalidate_range_end.return': ({ counting, counted }, { task, mn }, _known, tell) => {
      if (!counting.has(mn)) return
      if (counted.has(task)) tell.exercise('an end')
      else tell.object(`the end callback of ${mn} does not count its invalidation`)
    },
  },
})
