import { contract } from '../contract'
import { listedWith, mirrors } from '../facts/mirrors'
import { openPasses, passes } from '../facts/passes'

/** Who was told under the page table lock need not be told again. */
export const toldOnce = contract({
  id: 'TLB-08',
  level: 'SHOULD',
  binds: 'mm',
  says: 'a pass of which every page was cleared by clear_flush_notify ends with mmu_notifier_invalidate_range_only_end',
  cites: ['001:264-267'],
  minimum: { exercised: 100, witnesses: 1 },
  uses: { mirrors, passes },
  /** Pages that were told of under the page table lock, by pass. */
  start: () => new Map<string, Set<number>>(),
  on: {
    __mmu_notifier_invalidate_range_start: (told, { pass }) => void told.set(pass, new Set()),
    'ptep_clear_flush_notify.return': (told, { task, mm, page }, { passes }) => {
      for (const { pass, task: by, start, end } of openPasses(passes, mm))
        if (by === task && start <= page && page < end) told.get(pass)?.add(page)
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
