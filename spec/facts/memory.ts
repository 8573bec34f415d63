/** What the CPU's and the devices' page tables hold. */
import { fact } from '../contract'
import { eachOf } from './huge'

export interface Entry {
  readonly pfn: number
  readonly write: boolean
}

export interface Memory {
  /** The CPU's entries, by mm and page. */
  readonly cpu: Map<string, Map<number, Entry>>
  /** Devices' entries, by device and page. */
  readonly device: Map<string, { readonly mm: string; readonly entries: Map<number, Entry> }>
}

export const memory = fact({
  name: 'memory',
  start: (): Memory => ({ cpu: new Map(), device: new Map() }),
  on: {
    'set_pte_at.return': (state, { mm, page, pfn, write }) =>
      void cpuTable(state, mm).set(page, { pfn, write }),
    'set_pmd_at.return': (state, event) => {
      for (const { mm, page, pfn, write } of eachOf(event))
        cpuTable(state, mm).set(page, { pfn, write })
    },
    'ptep_clear_flush.return': (state, { mm, page }) => void cpuTable(state, mm).delete(page),
    'pmdp_huge_clear_flush.return': (state, event) => {
      for (const { mm, page } of eachOf(event)) cpuTable(state, mm).delete(page)
    },
    'ptep_set_wrprotect.return': (state, { mm, page }) => {
      const table = cpuTable(state, mm)
      const old = table.get(page)
      if (old) table.set(page, { ...old, write: false })
    },
    device_pte_set: (state, { device, mm, page, pfn, write }) =>
      void deviceTable(state, device, mm).set(page, { pfn, write }),
    device_pte_clear: (state, { device, mm, start, end }) => {
      const table = deviceTable(state, device, mm)
      for (const page of [...table.keys()]) if (page >= start && page < end) table.delete(page)
    },
  },
})

/** What the CPU maps at a page, or undefined. */
export function cpuEntry(state: Memory, mm: string, page: number): Entry | undefined {
  return state.cpu.get(mm)?.get(page)
}

function cpuTable(state: Memory, mm: string): Map<number, Entry> {
  let table = state.cpu.get(mm)
  if (!table) state.cpu.set(mm, (table = new Map()))
  return table
}

function deviceTable(state: Memory, device: string, mm: string): Map<number, Entry> {
  let known = state.device.get(device)
  if (!known) state.device.set(device, (known = { mm, entries: new Map() }))
  return known.entries
}
