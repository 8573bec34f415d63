import { contract } from '../contract'

interface Translation {
  readonly pfn: number
  readonly write: boolean
}

interface Tables {
  /** What the device's page table holds, by page. */
  readonly table: Map<number, Translation>
  /** What its TLB may hold, by page: all that it was given since the last flush. */
  readonly cached: Map<number, Translation[]>
}

/** What a device lacks it cannot make up: it has to ask its driver. */
export const noAccessWithoutATranslation = contract({
  id: 'DEV-03',
  binds: 'driver',
  says: 'a device uses a page frame only through a translation that it was given and that allows it; any other access is a page fault, and touches none',
  cites: ['002:2354-2357', '001:398-399'],
  minimum: { exercised: 100, witnesses: 2 },
  /** By device. */
  start: (): Map<string, Tables> => new Map(),
  on: {
    device_pte_set: (devices, { device, page, pfn, write }) => {
      const { table, cached } = tablesOf(devices, device)
      table.set(page, { pfn, write })
      cache(cached, page, { pfn, write })
    },
    device_tlb_fill: (devices, { device, page, pfn, write }) =>
      cache(tablesOf(devices, device).cached, page, { pfn, write }),
    device_pte_clear: (devices, { device, start, end }) =>
      forget(tablesOf(devices, device).table, start, end),
    device_tlb_flush: (devices, { device, start, end }) =>
      forget(tablesOf(devices, device).cached, start, end),
    device_page_fault: (devices, { device, page }, _known, tell) => {
      const { cached } = tablesOf(devices, device)
      tell.exercise(cached.has(page) ? 'it may only be read' : 'nothing is there')
    },
    device_access: (devices, { device, name, page, pfn, write }, _known, tell) => {
      const { table, cached } = tablesOf(devices, device)
      const held = [table.get(page), ...(cached.get(page) ?? [])]
      if (held.some((one) => one?.pfn === pfn && (one.write || !write))) return
      const verb = write ? 'writes' : 'reads'
      tell.object(`${name} ${verb} pfn ${pfn} at page ${page}, for which it has no translation`)
    },
  },
})

function tablesOf(devices: Map<string, Tables>, device: string): Tables {
  let known = devices.get(device)
  if (!known) devices.set(device, (known = { table: new Map(), cached: new Map() }))
  return known
}

function cache(cached: Tables['cached'], page: number, translation: Translation): void {
  cached.set(page, [...(cached.get(page) ?? []), translation])
}

function forget(pages: Map<number, unknown>, start: number, end: number): void {
  for (const page of [...pages.keys()]) if (start <= page && page < end) pages.delete(page)
}
