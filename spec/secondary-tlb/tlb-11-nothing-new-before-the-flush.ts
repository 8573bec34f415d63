import { contract } from '../contract'
import { flushes, lossesOf, untold } from '../facts/flushes'
import { mirrors } from '../facts/mirrors'

type Unmapped = Map<string, number>

/** What was unmapped is out of secondary TLBs before the address can have anything else. */
export const nothingNewBeforeTheFlush = contract({
  id: 'TLB-11',
  binds: 'mm',
  says: 'before an unmapped address gets an entry secondary TLBs were told of what was there, whoever had taken it away',
  cites: ['001:36-39', '001:28-34'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { flushes, mirrors },
  /** When a page was unmapped last, by mm and page. */
  start: (): Unmapped => new Map(),
  on: {
    'vm_munmap.return': unmapped,
    'vm_mmap_fixed.return': unmapped,
    set_pte_at: (state, { task, mm, page, pfn }, { flushes, mirrors }, tell) => {
      const section = flushes.sections.get(task)
      const since = state.get(`${mm} ${page}`) ?? -1
      const lost = lossesOf(flushes, mm, page).findLast(
        ({ exclusive, at }) => exclusive || at < since,
      )
      if (!lost || lost.section === section) return
      const [mn] = untold(lost, mirrors)
      if (mn !== undefined)
        tell.object(
          `page ${page} of ${mm} gets pfn ${pfn} while ${mn} may have pfn ${lost.pfn} there`,
        )
      else if (lost.told !== null)
        tell.exercise(lost.task === task ? 'by who took the old one' : 'by another task')
    },
  },
})

function unmapped(
  state: Unmapped,
  { mm, start, end, at }: { mm: string; start: number; end: number; at: number },
): void {
  for (let page = start; page < end; page++) state.set(`${mm} ${page}`, at)
}
