import { contract, type Known, type Tell } from '../contract'
import { flushes, lossInSection, untold } from '../facts/flushes'
import { eachOf } from '../facts/huge'
import { mirrors } from '../facts/mirrors'

/** Pages that huge entries map, by mm and page. */
type Huge = Map<string, number>
const uses = { flushes, mirrors }

/** While a device can still have the huge page nobody can write to what takes its place. */
export const noEntryUntilItIsFilled = contract({
  id: 'TLB-09',
  binds: 'mm',
  says: 'a huge entry whose page is replaced is cleared, secondary TLBs are told, and it stays empty until its new pages are there',
  cites: ['001:241-252'],
  minimum: { exercised: 30, witnesses: 2 },
  uses,
  start: (): Huge => new Map(),
  on: {
    set_pte_at: (huge, event, known, tell) => judge(huge, event, 'small pages', known, tell),
    set_pmd_at: (huge, event, known, tell) => {
      for (const one of eachOf(event)) judge(huge, one, 'a huge page', known, tell)
    },
    'set_pmd_at.return': (huge, event) => {
      for (const { mm, page, pfn } of eachOf(event)) huge.set(`${mm} ${page}`, pfn)
    },
    'pmdp_huge_clear_flush.return': forget,
    '__split_huge_pmd_locked.return': forget,
  },
})

interface Stored {
  readonly task: number
  readonly mm: string
  readonly page: number
  readonly pfn: number
}

function judge(
  huge: Huge,
  { task, mm, page, pfn }: Stored,
  by: string,
  { flushes, mirrors }: Known<typeof uses>,
  tell: Tell,
): void {
  const standing = huge.get(`${mm} ${page}`)
  if (standing !== undefined && standing !== pfn)
    tell.object(`page ${page} of ${mm} gets pfn ${pfn} while the huge entry is still there`)
  const lost = lossInSection(flushes, task, mm, page)
  if (!lost?.huge || lost.pfn === pfn) return
  const [mn] = untold(lost, mirrors)
  if (mn !== undefined)
    tell.object(`page ${page} of ${mm} gets pfn ${pfn} before ${mn} is told of the huge entry`)
  else if (lost.told !== null) tell.exercise(`replaced by ${by}`)
}

function forget(huge: Huge, event: { readonly mm: string; readonly page: number }): void {
  for (const { mm, page } of eachOf(event)) huge.delete(`${mm} ${page}`)
}
