import { contract } from '../contract'
import { flushes, lossInSection } from '../facts/flushes'
import { cachedBySharers, translations } from '../facts/translations'
import { ZERO_PFN } from '../headers/types'

interface Kinds {
  /** By task, the addresses whose entry it clears while a device has it. */
  readonly cached: Map<number, string>
  /** Tasks that put a breakpoint somewhere. */
  readonly probing: Set<number>
}

/** Copies on write are one kind of new page: the suite must reach all of them with a device that has the old one. */
export const everyKindOfNewPage = contract({
  id: 'TLB-16',
  kind: 'adversary',
  binds: 'mm',
  says: 'an entry gets another page, by a copy of a page, in place of the page of zeros, or for a breakpoint, while a device has the old one cached',
  cites: ['001:372-373', '001:390-391'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { flushes, translations },
  start: (): Kinds => ({ cached: new Map(), probing: new Set() }),
  on: {
    uprobe_write_opcode: ({ probing }, { task }) => void probing.add(task),
    'uprobe_write_opcode.return': ({ probing }, { task }) => void probing.delete(task),
    ptep_clear_flush: ({ cached }, { task, mm, page }, { translations }) => {
      if (cachedBySharers(translations, mm, page).length > 0) cached.set(task, `${mm} ${page}`)
      else cached.delete(task)
    },
    set_pte_at: ({ cached, probing }, { task, mm, page, pfn }, { flushes }, tell) => {
      const lost = lossInSection(flushes, task, mm, page)
      if (!lost || lost.pfn === pfn || cached.get(task) !== `${mm} ${page}`) return
      if (probing.has(task)) tell.exercise('for a breakpoint')
      else tell.exercise(lost.pfn === ZERO_PFN ? 'for the page of zeros' : 'a copy')
    },
  },
})
