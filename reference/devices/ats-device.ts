/**
 * A device behind an IOMMU with ATS and PASID: what its TLB lacks, the IOMMU looks up in the CPU's own page
 * table, at any time, inside a pass too (001:366-368, 001:398-399).
 *
 * A cached translation stays, whatever becomes of the entry, until a command to drop it is acknowledged.
 * Left out: that a TLB may forget on its own.
 */
import { reads, writes } from '../../engine/footprint'
import { symbol } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import {
  device_access,
  device_page_fault,
  device_tlb_fill,
  device_tlb_flush,
  type device,
} from '../../spec/headers/device'
import type { mm_struct, pte } from '../../spec/headers/types'
import { commandQueue, issue, type Command, type CommandQueue } from '../hardware/commands'
import { frameState, pfn_to_page, store } from '../hardware/memory'
import { present_pte } from '../mm/pgtable'

export interface AtsDevice extends device {
  readonly tlb: Map<number, pte>
  readonly commands: CommandQueue
  /** Whether the IOMMU has the process's page table. */
  enabled: boolean
}

/** A device that shares the page table of a process. The model's own. */
export function atsDevice(name: string, mm: mm_struct): AtsDevice {
  return { name, mm, tlb: new Map(), commands: commandQueue(name), enabled: true }
}

/** What a device translates with, in footprints. */
const tables = ({ name }: AtsDevice): string => `translations of ${name}`

/**
 * Reads or writes one page. False if there is no translation that allows it: a page request
 * (001:398-399).
 */
export const ats_use = symbol(
  'ats_use',
  function* (device: AtsDevice, page: number, write: boolean): AtomicTask<boolean> {
    reads(tables(device))
    if (!allows(device.tlb.get(page), write) && !(yield* ats_translate(device, page))) {
      device_page_fault(device, page, write)
      return false
    }
    yield* point(`${device.name} ${write ? 'writes' : 'reads'} page`, page)
    writes(tables(device))
    const held = device.tlb.get(page)
    if (!held || !allows(held, write)) {
      device_page_fault(device, page, write)
      return false
    }
    if (write) store(pfn_to_page(held.pfn))
    else reads(frameState)
    device_access(device, page, held.pfn, write, pfn_to_page(held.pfn).value)
    return true
  },
)

/**
 * Caches what the CPU's page table has (001:366-368).
 */
export const ats_translate = symbol(
  'ats_translate',
  function* (device: AtsDevice, page: number): AtomicTask<boolean> {
    yield* point(`${device.name} walks to pte`, page)
    writes(tables(device))
    const entry = device.enabled ? present_pte(device.mm, page) : null
    if (!entry) return false
    device.tlb.set(page, entry)
    device_tlb_fill(device, page, entry.pfn, entry.write)
    return true
  },
)

/**
 * Takes the process's page table away from the IOMMU; what is cached stays. The model's own.
 */
export const ats_disable = symbol('ats_disable', (device: AtsDevice): void => {
  writes(tables(device))
  device.enabled = false
})

/** Tells the device to drop its translations of [start, end) (001:366-368). */
export const ats_flush_command = symbol(
  'ats_flush_command',
  (device: AtsDevice, start: number, end: number): Command =>
    issue(device.commands, () => {
      writes(tables(device))
      for (const page of [...device.tlb.keys()])
        if (start <= page && page < end) device.tlb.delete(page)
      device_tlb_flush(device, start, end)
    }),
)

function allows(entry: pte | undefined, write: boolean): boolean {
  return entry !== undefined && (entry.write || !write)
}
