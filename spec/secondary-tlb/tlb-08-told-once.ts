import { contract } from '../contract'
import { eachOf } from '../facts/huge'
import { listedWith, mirrors } from '../facts/mirrors'
import { openPasses, passes, type Passes } from '../facts/passes'

/** Pages that were told of under the page table lock, by pass. */
type Told = Map<string, Set<number>>

/** Who was told under the page table lock need not be told again. */
export const toldOnce = contract({
  id: 'TLB-08',
  level: 'SHOULD',
  binds: 'mm',
  says: 'a pass of which every page was cleared by clear_flush_notify ends with mmu_notifier_invalidate_range_only_end',
  cites: ['001:264-267'],
  minimum: { exercised: 100, witnesses: 1 },
  uses: { mirrors, passes },
  start: (): Told => new Map(),
  on: {
    __mmu_notifier_invalidate_range_start: (told, { pass }) => void told.set(pass, new Set()),
    'ptep_clear_flush_notify.return': (told, event, { passes }) => note(told, event, passes),
    'pmdp_huge_clear_flush_notify.return': (told, event, { passes }) => {
      for (const one of eachOf(event)) note(told, one, passes)
    },
    __mmu_notifier_invalidate_range_end: (told, event, { mirrors }, tell) => {
      const { pass, mm, start, end, only_end } = event
      const all = (told.get(pass)?.size ?? 0) === end - start
      if (!all || listedWith(mirrors, mm, 'invalidate_range').length === 0) return
      if (only_end) tell.exercise('only_end')
      else tell.object(`${pass} over [${start}, ${end}) tells secondary TLBs a second time`)
    },
  },
})

function note(
  told: Told,
  { task, mm, page }: { readonly task: number; readonly mm: string; readonly page: number },
  passes: Passes,
): void {
  for (const { pass, task: by, start, end } of openPasses(passes, mm))
    if (by === task && start <= page && page < end) told.get(pass)?.add(page)
}
