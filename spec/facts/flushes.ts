/** Entries that the CPU's page table has lost, and which secondary TLBs were not told of it yet. */
import { fact, type Known } from '../contract'
import { eachOf } from './huge'
import { heldBy, locks } from './locks'
import { listedWith, mirrors, type Mirrors } from './mirrors'

/** An entry that was cleared while somebody with a secondary TLB was listed. */
export interface Cleared {
  readonly mm: string
  readonly page: number
  readonly pfn: number
  readonly at: number
  readonly task: number
  /** The hold of the page table lock in which it was cleared: when it was taken. */
  readonly section: number
  /** Whether mmap_sem was held for writing. */
  readonly exclusive: boolean
  /** Whether it was a part of a huge one. */
  readonly huge: boolean
  /** Notifiers that have yet to be told. */
  readonly owed: Set<string>
  /** How those were told that were. */
  told: 'under the page table lock' | 'later' | null
}

export interface Flushes {
  /** By mm and page, the latest last. */
  readonly cleared: Map<string, Cleared[]>
  /** When each task took the page table lock that it holds. */
  readonly sections: Map<number, number>
  /** When each task began to tell the notifier that it is telling. */
  readonly telling: Map<number, number>
}

const uses = { locks, mirrors }

export const flushes = fact({
  name: 'flushes',
  uses,
  start: (): Flushes => ({ cleared: new Map(), sections: new Map(), telling: new Map() }),
  on: {
    'spin_lock.return': ({ sections }, { task, name, at }) => {
      if (name === 'page_table_lock') sections.set(task, at)
    },
    spin_unlock: ({ sections }, { task, name }) => {
      if (name === 'page_table_lock') sections.delete(task)
    },
    'ptep_clear_flush.return': (state, event, known) => note(state, event, known, false),
    'pmdp_huge_clear_flush.return': (state, event, known) => {
      for (const one of eachOf(event)) note(state, one, known, true)
    },
    invalidate_range: ({ telling }, { task, at }) => void telling.set(task, at),
    'invalidate_range.return': (state, { task, mn, mm, start, end }) => {
      const { cleared, sections } = state
      const begun = state.telling.get(task)!
      for (const lost of [...cleared.values()].flat()) {
        const within = lost.mm === mm && start <= lost.page && lost.page < end
        // A flush that had begun before may have been over before.
        if (!within || begun < lost.at || !lost.owed.delete(mn)) continue
        const inside = lost.task === task && sections.get(task) === lost.section
        lost.told ??= inside ? 'under the page table lock' : 'later'
      }
    },
  },
})

interface Loss {
  readonly mm: string
  readonly page: number
  readonly task: number
  readonly at: number
  readonly result: number
}

function note(
  { cleared, sections }: Flushes,
  { mm, page, task, at, result: pfn }: Loss,
  known: Known<typeof uses>,
  huge: boolean,
): void {
  const owed = listedWith(known.mirrors, mm, 'invalidate_range')
  if (pfn < 0 || owed.length === 0) return
  const exclusive = heldBy(known.locks, task).some(
    ({ name, mode }) => name === 'mmap_sem' && mode === 'exclusive',
  )
  const section = sections.get(task) ?? -1
  const told = null
  const lost = { mm, page, pfn, at, task, section, exclusive, huge, owed: new Set(owed), told }
  const key = `${mm} ${page}`
  cleared.set(key, [...(cleared.get(key) ?? []), lost])
}

/** Every loss of the entry of a page, the latest last. */
export function lossesOf({ cleared }: Flushes, mm: string, page: number): readonly Cleared[] {
  return cleared.get(`${mm} ${page}`) ?? []
}

/** The last loss of the entry of a page, if the task is still in the hold of the page table lock in which it was. */
export function lossInSection(
  state: Flushes,
  task: number,
  mm: string,
  page: number,
): Cleared | undefined {
  const last = lossesOf(state, mm, page).at(-1)
  return last && last.task === task && state.sections.get(task) === last.section ? last : undefined
}

/** Who has not been told of a loss, and is listed still. */
export function untold({ owed, mm }: Cleared, known: Mirrors): readonly string[] {
  return listedWith(known, mm, 'invalidate_range').filter((mn) => owed.has(mn))
}
