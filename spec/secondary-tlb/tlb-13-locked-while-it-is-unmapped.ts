import { contract } from '../contract'
import { areas, areasOf } from '../facts/areas'

interface PageLocks {
  /** By page frame, the task that holds its lock. */
  readonly holders: Map<number, number>
  /** By task, the page frame that it takes from everybody. */
  readonly unmapping: Map<number, number>
}

/** A locked page stays what it is, so nothing else can be at its addresses before the flush. */
export const lockedWhileItIsUnmapped = contract({
  id: 'TLB-13',
  binds: 'mm',
  says: 'whoever unmaps a page everywhere holds its lock until the last of the passes for it is over',
  cites: ['001:297-309', '001:338-339'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { areas },
  start: (): PageLocks => ({ holders: new Map(), unmapping: new Map() }),
  on: {
    'lock_page.return': ({ holders }, { task, pfn }) => void holders.set(pfn, task),
    'trylock_page.return': ({ holders }, { task, pfn, result }) => {
      if (result) holders.set(pfn, task)
    },
    unlock_page: ({ holders, unmapping }, { pfn }, _known, tell) => {
      holders.delete(pfn)
      if ([...unmapping.values()].includes(pfn))
        tell.object(`pfn ${pfn} is unlocked while it is unmapped`)
    },
    try_to_unmap: ({ holders, unmapping }, { task, pfn }, _known, tell) => {
      unmapping.set(task, pfn)
      if (holders.get(pfn) !== task) tell.object(`pfn ${pfn} is unmapped without its lock`)
    },
    'try_to_unmap.return': ({ unmapping }, { task }) => void unmapping.delete(task),
    mmu_notifier_invalidate_range_end: ({ unmapping }, { task, mm, start }, { areas }, tell) => {
      if (!unmapping.has(task)) return
      const area = areasOf(areas, mm).find((known) => known.start <= start && start < known.end)
      if (area) tell.exercise(area.anonymous ? 'an anonymous page' : "a file's page")
    },
  },
})
