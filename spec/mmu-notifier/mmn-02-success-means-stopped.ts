import { contract } from '../contract'
import { openPasses, passes } from '../facts/passes'

interface Translations {
  /** When each device's translation of a page was last stored, by device and page. */
  readonly setAt: Map<string, number>
  /** When each pass became open. */
  readonly openedAt: Map<string, number>
}

/** Once everybody agreed to a pass, no device uses an older translation of its range until the end. */
export const successMeansStopped = contract({
  id: 'MMN-02',
  binds: 'driver',
  says: 'when range_start returned success, no access through an older translation of the range follows until range_end',
  cites: ['000:2977-2979', '002:2302-2304'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { passes },
  start: (): Translations => ({ setAt: new Map(), openedAt: new Map() }),
  on: {
    device_pte_set: ({ setAt }, { device, page, at }) => void setAt.set(`${device} ${page}`, at),
    '__mmu_notifier_invalidate_range_start.return': (
      { setAt, openedAt },
      { pass, at, start, end, blockable, result },
      _known,
      tell,
    ) => {
      if (result !== 0) return
      openedAt.set(pass, at)
      const pages = [...setAt.keys()].map((key) => Number(key.split(' ')[1]))
      if (pages.some((page) => start <= page && page < end))
        tell.exercise(
          `${blockable ? 'blockable' : 'non-blockable'} pass over what a device has used`,
        )
    },
    device_access: ({ setAt, openedAt }, { device, name, mm, page, pfn }, { passes }, tell) => {
      const since = setAt.get(`${device} ${page}`)
      // A device that shares the CPU's page table has no driver that stores entries: TLB-04 is about it.
      if (since === undefined) return
      for (const { pass, start, end } of openPasses(passes, mm)) {
        if (page < start || page >= end) tell.exercise('access beside an open pass')
        else if (since < (openedAt.get(pass) ?? 0))
          tell.object(
            `${name} uses pfn ${pfn} at page ${page} while ${pass} over [${start}, ${end}) is open, whose start succeeded`,
          )
      }
    },
  },
})
