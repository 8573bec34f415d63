import { contract, type Known, type Tell } from '../contract'
import { flushes, lossInSection, untold, type Cleared } from '../facts/flushes'
import { eachOf } from '../facts/huge'
import { isSameForReaders, merges, type Stored } from '../facts/merges'
import { mirrors } from '../facts/mirrors'

interface Changed {
  /** Entries that a task has set to another page while it holds the page table lock. */
  readonly repointed: Map<number, Cleared[]>
  /** When each page frame became free last. */
  readonly freedAt: Map<number, number>
}
const uses = { flushes, merges, mirrors }

/** What the CPU's page table lost is lost to secondary TLBs before it can matter to anybody else. */
export const toldBeforeOthersCanHaveIt = contract({
  id: 'TLB-01',
  binds: 'mm',
  says: '->invalidate_range for a cleared entry comes before its page is freed, and before the page table lock is released if the entry has another page then',
  cites: ['001:368-373'],
  minimum: { exercised: 100, witnesses: 3 },
  uses,
  start: (): Changed => ({ repointed: new Map(), freedAt: new Map() }),
  on: {
    set_pte_at: (state, event, known) => repoint(state, event, known),
    set_pmd_at: (state, event, known) => {
      for (const one of eachOf(event)) repoint(state, one, known)
    },
    spin_unlock: ({ repointed }, { task, name }, known, tell) => {
      if (name !== 'page_table_lock') return
      for (const lost of repointed.get(task) ?? []) judge(lost, 'has another page', known, tell)
      repointed.delete(task)
    },
    __free_page: ({ freedAt }, { pfn, at }, known, tell) => {
      const before = freedAt.get(pfn) ?? -1
      freedAt.set(pfn, at)
      for (const lost of [...known.flushes.cleared.values()].flat())
        if (lost.pfn === pfn && lost.at > before) judge(lost, 'had what is free now', known, tell)
    },
  },
})

function repoint({ repointed }: Changed, event: Stored, known: Known<typeof uses>): void {
  const { task, mm, page, pfn } = event
  const lost = lossInSection(known.flushes, task, mm, page)
  if (!lost || lost.pfn === pfn || isSameForReaders(known.merges, event, lost.pfn)) return
  repointed.set(task, [...(repointed.get(task) ?? []), lost])
}

function judge(lost: Cleared, became: string, known: Known<typeof uses>, tell: Tell): void {
  const [mn] = untold(lost, known.mirrors)
  if (mn !== undefined)
    tell.object(
      `page ${lost.page} of ${lost.mm} lost pfn ${lost.pfn} and ${became}, and ${mn} was not told`,
    )
  else if (lost.told !== null) tell.exercise(`${became}, told ${lost.told}`)
}
