/**
 * A device with a page table of its own and a TLB in front of it: a fault-capable GPU, a vCPU, a NIC.
 *
 * It keeps a translation until it is told otherwise, and uses what its TLB holds without looking at the
 * page table again (001:366-368). An access that it cannot translate is a fault, for its driver to mend.
 */
import { reads, writes } from '../../engine/footprint'
import { symbol } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import {
  device_access,
  device_page_fault,
  device_pte_clear,
  device_pte_set,
  device_tlb_flush,
  type device,
} from '../../spec/headers/device'
import type { mm_struct } from '../../spec/headers/types'
import {
  acknowledged,
  commandQueue,
  issue,
  type Command,
  type CommandQueue,
} from '../hardware/commands'
import { faultQueue, noteFault, type FaultQueue } from '../hardware/fault-queue'
import { frameState, pfn_to_page, store } from '../hardware/memory'

export interface Translation {
  readonly pfn: number
  readonly write: boolean
}

export interface TranslatingDevice extends device {
  readonly pageTable: Map<number, Translation>
  readonly tlb: Map<number, Translation>
  readonly commands: CommandQueue
  readonly faults: FaultQueue
}

/** A device that has translated nothing yet. The model's own. */
export function translatingDevice(name: string, mm: mm_struct): TranslatingDevice {
  const tables = { pageTable: new Map(), tlb: new Map() }
  return { name, mm, ...tables, commands: commandQueue(name), faults: faultQueue(name) }
}

/** What a device translates with, in footprints. */
const tables = ({ name }: TranslatingDevice): string => `translations of ${name}`

/** Stores an entry into the device's page table. The model's own. */
export const device_map = symbol(
  'device_map',
  function* (
    device: TranslatingDevice,
    page: number,
    pfn: number,
    write: boolean,
  ): AtomicTask<void> {
    yield* point(`set ${device.name} pte`, page)
    writes(tables(device))
    device.pageTable.set(page, { pfn, write })
    device_pte_set(device, page, pfn, write)
  },
)

/**
 * Clears the entries of [start, end), and waits until the device has dropped its copies of them.
 * The model's own.
 */
export const device_unmap = symbol(
  'device_unmap',
  function* (device: TranslatingDevice, start: number, end: number): AtomicTask<void> {
    yield* acknowledged(yield* device_clear(device, start, end))
  },
)

/** Clears the entries of [start, end), and tells the device to drop its copies of them. The model's own. */
export const device_clear = symbol(
  'device_clear',
  function* (device: TranslatingDevice, start: number, end: number): AtomicTask<Command> {
    yield* point(`clear ${device.name} ptes`, `[${start}, ${end})`)
    writes(tables(device))
    drop(device.pageTable, start, end)
    device_pte_clear(device, start, end)
    return device_flush_command(device, start, end)
  },
)

/** Tells the device to drop the TLB's copies of [start, end). The model's own. */
export const device_flush_command = symbol(
  'device_flush_command',
  (device: TranslatingDevice, start: number, end: number): Command =>
    issue(device.commands, () => {
      writes(tables(device))
      drop(device.tlb, start, end)
      device_tlb_flush(device, start, end)
    }),
)

function drop(table: Map<number, Translation>, start: number, end: number): void {
  for (const page of [...table.keys()]) if (page >= start && page < end) table.delete(page)
}

/** What the device goes by for an access: its TLB, and behind it the page table. Null is a page fault. The model's own. */
export const device_translate = symbol(
  'device_translate',
  (device: TranslatingDevice, page: number, write: boolean): Translation | null => {
    const held = device.tlb.get(page) ?? device.pageTable.get(page)
    return held && (held.write || !write) ? held : null
  },
)

/**
 * Reads or writes one page. False if the device has no translation that allows it: no frame is touched then
 * (001:398-399, 002:2354-2357).
 */
export const device_use = symbol(
  'device_use',
  function* (device: TranslatingDevice, page: number, write: boolean): AtomicTask<boolean> {
    yield* point(`${device.name} ${write ? 'writes' : 'reads'} page`, page)
    writes(tables(device))
    const held = device_translate(device, page, write)
    if (!held) {
      device_page_fault(device, page, write)
      return false
    }
    device.tlb.set(page, held)
    if (write) store(pfn_to_page(held.pfn))
    else reads(frameState)
    device_access(device, page, held.pfn, write, pfn_to_page(held.pfn).value)
    return true
  },
)

/** Uses every page of [start, end), one after the other. What it cannot use it notes, and does not wait for (000:4950-4953). */
export const device_scan = symbol(
  'device_scan',
  function* (
    device: TranslatingDevice,
    start: number,
    end: number,
    write: boolean,
  ): AtomicTask<void> {
    for (let page = start; page < end; page++)
      if (!(yield* device_use(device, page, write))) noteFault(device.faults, { page, write })
  },
)
