import { isEqual } from 'lodash'
import { contract } from '../contract'
import { heldBy, locks, type Locks } from '../facts/locks'

/** What keeps registration out must keep it out for as long as the pass is open. */
export const sameLocksAtStartAndEnd = contract({
  id: 'LCK-11',
  binds: 'mm',
  says: 'the caller of a pass holds the same locks at its end as at its start',
  cites: ['002:5221-5222'],
  minimum: { exercised: 300, witnesses: 3 },
  uses: { locks },
  /** Locks held at the start, by pass. */
  start: () => new Map<string, readonly string[]>(),
  on: {
    mmu_notifier_invalidate_range_start: (state, { task, pass }, { locks }) =>
      void state.set(pass, held(locks, task)),
    mmu_notifier_invalidate_range_start_nonblock: (state, { task, pass }, { locks }) =>
      void state.set(pass, held(locks, task)),
    mmu_notifier_invalidate_range_end: (state, { task, pass }, { locks }, tell) => {
      const before = state.get(pass)
      if (!before) return
      state.delete(pass)
      const now = held(locks, task)
      if (isEqual(before, now))
        tell.exercise(now.map((lock) => lock.split(' ', 2).join(' ')).join(', ') || 'nothing')
      else
        tell.object(
          `${pass} began with ${before.join(', ') || 'nothing'} held and ends with ${now.join(', ') || 'nothing'}`,
        )
    },
  },
})

/** Locks that sleep, as `mode name (id)`. */
function held(state: Locks, task: number): string[] {
  return heldBy(state, task)
    .filter(({ sleeping }) => sleeping)
    .map(({ mode, name, lock }) => `${mode} ${name} (${lock})`)
    .sort()
}
