import { contract, type Tell } from '../contract'
import { heldBy, locks, type Held } from '../facts/locks'

interface Walk {
  readonly range: string
  readonly start: number
  readonly end: number
  /** mmap_sem as it was held when the walk began. */
  readonly mmapSem: Held | undefined
  /** Pages whose area was looked up since the walk last began. */
  readonly looked: Set<number>
  rounds: number
}

/** An area that was found before is nothing to rely on: each walk looks for itself. */
export const areasAreLookedUpInTheWalk = contract({
  id: 'HMM-18',
  binds: 'hmm',
  says: 'an accepted snapshot or fault has looked up the area of every page inside its last walk, under one hold of mmap_sem',
  cites: ['000:4461-4468', '000:6406-6413'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { locks },
  start: () => new Map<number, Walk>(),
  on: {
    hmm_range_snapshot: (walks, event, { locks }) => begin(walks, event, heldBy(locks, event.task)),
    hmm_range_fault: (walks, event, { locks }) => begin(walks, event, heldBy(locks, event.task)),
    'handle_mm_fault.return': (walks, { task }) => {
      const walk = walks.get(task)
      if (!walk) return
      walk.looked.clear()
      walk.rounds++
    },
    find_vma: (walks, { task, page }) => void walks.get(task)?.looked.add(page),
    'hmm_range_snapshot.return': (walks, { task, result }, { locks }, tell) =>
      finish(walks, task, result, heldBy(locks, task), tell),
    'hmm_range_fault.return': (walks, { task, result }, { locks }, tell) =>
      finish(walks, task, result, heldBy(locks, task), tell),
  },
})

function begin(
  walks: Map<number, Walk>,
  { task, range, start, end }: { task: number; range: string; start: number; end: number },
  held: readonly Held[],
): void {
  const mmapSem = held.find(({ name }) => name === 'mmap_sem')
  walks.set(task, { range, start, end, mmapSem, looked: new Set(), rounds: 0 })
}

function finish(
  walks: Map<number, Walk>,
  task: number,
  result: number,
  held: readonly Held[],
  tell: Tell,
): void {
  const walk = walks.get(task)
  walks.delete(task)
  if (!walk || result < 0) return
  const { range, start, end, looked, mmapSem, rounds } = walk
  for (let page = start; page < end; page++)
    if (!looked.has(page))
      return tell.object(`${range} is accepted and the area of page ${page} was not looked up`)
  if (mmapSem && !held.includes(mmapSem))
    return tell.object(
      `${range} is accepted and mmap_sem was let go since its areas were looked up`,
    )
  const pages = end - start === 1 ? 'one page' : 'several pages'
  tell.exercise(`${pages}, ${rounds > 0 ? 'after faults' : 'at once'}`)
}
