/** What devices can translate: from the storing of an entry until the device itself has dropped it. */
import { fact } from '../contract'

export interface Translation {
  readonly pfn: number
  readonly write: boolean
  /** When the device got it. */
  readonly since: number
  /** When it was used, each time. */
  readonly uses: number[]
}

export interface Device {
  readonly name: string
  readonly mm: string
  /** Whether it reads the CPU's own page table. */
  readonly shares: boolean
  readonly entries: Map<number, Translation>
  /** Page frames that it could use at some time: when it last could, and whether it could write. */
  readonly had: Map<number, { readonly at: number; readonly write: boolean }>
}

export interface Translations {
  readonly byDevice: Map<string, Device>
}

interface Entry {
  readonly device: string
  readonly name: string
  readonly mm: string
  readonly page: number
  readonly pfn: number
  readonly write: boolean
  readonly at: number
}

export const translations = fact({
  name: 'translations',
  start: (): Translations => ({ byDevice: new Map() }),
  on: {
    device_pte_set: (state, event) => gets(state, event, false),
    device_tlb_fill: (state, event) => gets(state, event, true),
    device_access: ({ byDevice }, { device, page, at }) =>
      void byDevice.get(device)?.entries.get(page)?.uses.push(at),
    device_tlb_flush: ({ byDevice }, { device, start, end }) => {
      const entries = byDevice.get(device)?.entries
      for (const page of [...(entries?.keys() ?? [])])
        if (start <= page && page < end) entries!.delete(page)
    },
  },
})

function gets({ byDevice }: Translations, entry: Entry, shares: boolean): void {
  const { device, name, mm, page, pfn, write, at } = entry
  let known = byDevice.get(device)
  if (!known)
    byDevice.set(device, (known = { name, mm, shares, entries: new Map(), had: new Map() }))
  known.entries.set(page, { pfn, write, since: at, uses: [] })
  known.had.set(pfn, { at, write })
}

/** What a device could translate a page to now. */
export function translationOf(
  { byDevice }: Translations,
  device: string,
  page: number,
): Translation | undefined {
  return byDevice.get(device)?.entries.get(page)
}

/** Devices that read the page table of an mm, and what they have cached of a page. */
export function cachedBySharers(
  { byDevice }: Translations,
  mm: string,
  page: number,
): readonly Translation[] {
  return [...byDevice.values()].flatMap(({ shares, mm: own, entries }) => {
    const cached = shares && own === mm ? entries.get(page) : undefined
    return cached ? [cached] : []
  })
}
