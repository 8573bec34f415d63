import { contract, type Known, type Tell } from '../contract'
import { areas, areasOf } from '../facts/areas'
import { cpuEntry, memory } from '../facts/memory'
import { listedWith, mirrors } from '../facts/mirrors'

interface Unmapping {
  readonly mm: string
  readonly start: number
  readonly end: number
  /** Pages that an area has once mmap_sem is held, and whether they had an entry; null before. */
  pages: Map<number, boolean> | null
  /** By notifier that was listed then, the pages that it was told of. */
  readonly told: Map<string, Set<number>>
}
type Unmappings = Map<number, Unmapping>
const uses = { areas, memory, mirrors }

/** An entry that is gone may still be in a secondary TLB, so it is flushed all the same. */
export const flushedWhateverIsThere = contract({
  id: 'TLB-10',
  binds: 'mm',
  says: 'an unmapping tells secondary TLBs of every page of an area in its range, whether or not there is an entry',
  cites: ['001:38-40'],
  minimum: { exercised: 100, witnesses: 2 },
  uses,
  /** By task. */
  start: (): Unmappings => new Map(),
  on: {
    vm_munmap: begin,
    vm_mmap_fixed: begin,
    'down_write.return': (unmappings, { task, name }, known) => {
      const unmapping = unmappings.get(task)
      if (name === 'mmap_sem' && unmapping?.pages === null) look(unmapping, known)
    },
    'invalidate_range.return': (unmappings, { task, mn, start, end }) => {
      const { pages, told } = unmappings.get(task) ?? {}
      for (const page of pages?.keys() ?? [])
        if (start <= page && page < end) told!.get(mn)?.add(page)
    },
    'vm_munmap.return': (unmappings, { task }, known, tell) =>
      finish(unmappings, task, known, tell),
    'vm_mmap_fixed.return': (unmappings, { task }, known, tell) =>
      finish(unmappings, task, known, tell),
  },
})

function begin(
  unmappings: Unmappings,
  { task, mm, start, end }: { task: number; mm: string; start: number; end: number },
): void {
  unmappings.set(task, { mm, start, end, pages: null, told: new Map() })
}

/** What there is to unmap, and whom to tell. */
function look(unmapping: Unmapping, known: Known<typeof uses>): void {
  const { mm, start, end, told } = unmapping
  const pages = new Map<number, boolean>()
  for (const area of areasOf(known.areas, mm))
    for (let page = Math.max(area.start, start); page < Math.min(area.end, end); page++)
      pages.set(page, cpuEntry(known.memory, mm, page) !== undefined)
  unmapping.pages = pages
  for (const mn of listedWith(known.mirrors, mm, 'invalidate_range')) told.set(mn, new Set())
}

function finish(unmappings: Unmappings, task: number, known: Known<typeof uses>, tell: Tell): void {
  const { mm, pages, told } = unmappings.get(task)!
  unmappings.delete(task)
  const listed = listedWith(known.mirrors, mm, 'invalidate_range')
  for (const [mn, toldOf] of told)
    for (const [page, present] of pages ?? []) {
      if (toldOf.has(page)) tell.exercise(present ? 'an entry' : 'no entry any more')
      else if (listed.includes(mn))
        tell.object(`${mn} is not told that page ${page} of ${mm} was unmapped`)
    }
}
