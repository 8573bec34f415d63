import { contract, type Tell } from '../contract'
import { busyness, busySince } from '../facts/busyness'
import { quiescence } from '../facts/quiescence'
import { EAGAIN, EBUSY } from '../headers/types'

interface Walk {
  readonly range: string
  readonly firstPage: number
  /** Where the call, or its return from a page fault, stands in the log. */
  since: number
  faulted: boolean
  looked: boolean
}

/** Entries are not even looked at while an invalidation concerns them. */
export const noWalkOnABusyRange = contract({
  id: 'HMM-15',
  binds: 'hmm',
  says: 'a snapshot or fault that finds its range busy, at its beginning or after it faulted pages in, asks for a retry and looks up no area',
  cites: ['000:877-879', '000:889-890'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { busyness, quiescence },
  /** The walk each task is inside of. */
  start: () => new Map<number, Walk>(),
  on: {
    hmm_range_snapshot: (walks, { task, range, start, at }) => begin(walks, task, range, start, at),
    hmm_range_fault: (walks, { task, range, start, at }) => begin(walks, task, range, start, at),
    find_vma: (walks, { task, page }, { busyness }, tell) => {
      const walk = walks.get(task)
      if (!walk || page !== walk.firstPage || walk.since < 0) return
      walk.looked = true
      if (busySince(busyness, walk.range, walk.since))
        tell.object(
          `${walk.range} is walked ${walk.faulted ? 'again ' : ''}although an invalidation concerns it`,
        )
    },
    // A page fault looks areas up too.
    handle_mm_fault: (walks, { task }) => {
      const walk = walks.get(task)
      if (walk) walk.since = -1
    },
    'handle_mm_fault.return': (walks, { task, at }) => {
      const walk = walks.get(task)
      if (walk) Object.assign(walk, { since: at, faulted: true, looked: false })
    },
    'hmm_range_snapshot.return': (walks, { task, result }, _known, tell) =>
      finish(walks, task, result, tell),
    'hmm_range_fault.return': (walks, { task, result }, _known, tell) =>
      finish(walks, task, result, tell),
  },
})

function begin(
  walks: Map<number, Walk>,
  task: number,
  range: string,
  firstPage: number,
  since: number,
): void {
  walks.set(task, { range, firstPage, since, faulted: false, looked: false })
}

function finish(walks: Map<number, Walk>, task: number, result: number, tell: Tell): void {
  const walk = walks.get(task)
  walks.delete(task)
  if (!walk || walk.looked || (result !== -EBUSY && result !== -EAGAIN)) return
  tell.exercise(walk.faulted ? 'busy after a fault' : 'busy at the beginning')
}
