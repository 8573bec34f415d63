import { contract } from '../contract'
import { openPasses, passes } from '../facts/passes'
import { translationOf, translations } from '../facts/translations'

/** What a secondary TLB has it may use until it is told, and may look up anew at any time. */
export const keptUntilTold = contract({
  id: 'TLB-15',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device that shares the page table caches entries inside a pass over them, and uses what it had cached before the pass began',
  cites: ['001:366-368', '001:398-399'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { passes, translations },
  /** When each pass had been agreed to. */
  start: (): Map<string, number> => new Map(),
  on: {
    '__mmu_notifier_invalidate_range_start.return': (opened, { pass, at }) =>
      void opened.set(pass, at),
    device_tlb_fill: (_opened, { mm, page }, { passes }, tell) => {
      if (openPasses(passes, mm).some(({ start, end }) => start <= page && page < end))
        tell.exercise('cached inside a pass')
    },
    device_access: (opened, { device, mm, page }, { passes, translations }, tell) => {
      if (!translations.byDevice.get(device)?.shares) return
      const { since } = translationOf(translations, device, page)!
      for (const { pass, start, end } of openPasses(passes, mm))
        if (start <= page && page < end && since < (opened.get(pass) ?? 0))
          tell.exercise('used inside a pass, and cached before')
    },
  },
})
