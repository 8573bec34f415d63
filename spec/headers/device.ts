/** What hardware shows: devices map, unmap and use page frames without asking anybody. */
import { id } from '../../engine/ids'
import { happening, task } from '../../engine/symbol'
import type { mm_struct, mmu_notifier } from './types'

/** Anything that translates addresses of an mm on its own. */
export interface device {
  readonly name: string
  readonly mm: mm_struct
}

const deviceIds = (device: device) => ({
  device: id('device', device),
  name: device.name,
  mm: id('mm', device.mm),
})

/** A driver stores an entry into the device's page table. */
export const device_pte_set = happening(
  'device_pte_set',
  (device: device, page: number, pfn: number, write: boolean) => ({
    ...deviceIds(device),
    page,
    pfn,
    write,
  }),
)
/** A driver clears the entries of [start, end) in the device's page table. */
export const device_pte_clear = happening(
  'device_pte_clear',
  (device: device, start: number, end: number) => ({ ...deviceIds(device), start, end }),
)
/** A device that shares the CPU's page table caches the entry that it finds there. */
export const device_tlb_fill = happening(
  'device_tlb_fill',
  (device: device, page: number, pfn: number, write: boolean) => ({
    ...deviceIds(device),
    page,
    pfn,
    write,
  }),
)
/** The device has dropped what it had cached of [start, end). */
export const device_tlb_flush = happening(
  'device_tlb_flush',
  (device: device, start: number, end: number) => ({ ...deviceIds(device), start, end }),
)
/** The device reads or writes memory through a translation it holds; the page holds `value` then. */
export const device_access = happening(
  'device_access',
  (device: device, page: number, pfn: number, write: boolean, value: number) => ({
    ...deviceIds(device),
    page,
    pfn,
    write,
    value,
  }),
)
/** A device cannot translate an access, which waits until its driver has mended that (002:2354-2357). */
export const device_page_fault = happening(
  'device_page_fault',
  (device: device, page: number, write: boolean) => ({ ...deviceIds(device), page, write }),
)
/** The driver takes `count` page faults of a device at once (000:4950-4953). */
export const device_faults_taken = happening(
  'device_faults_taken',
  (device: device, count: number) => ({ ...deviceIds(device), count }),
)
/** The driver has given an access up: whoever runs on the device sees an error that nothing mends (000:4496-4498). */
export const device_error = happening(
  'device_error',
  (device: device, page: number, write: boolean, result: number) => ({
    ...deviceIds(device),
    page,
    write,
    result,
  }),
)

/** A device that has no addresses writes to a page frame that it was given; the page holds `value` then. */
export const dma_access = happening('dma_access', (pfn: number, value: number) => ({ pfn, value }))
/** Such a device reads a page frame that it was given. */
export const dma_read = happening('dma_read', (pfn: number, value: number) => ({ pfn, value }))

/** A driver says which part of an address space a notifier is for, before it registers it. */
export const driver_interest = happening(
  'driver_interest',
  (mn: mmu_notifier, start: number, end: number) => ({ mn: id('mn', mn), start, end }),
)

/** One operation of a workload. */
export const operation = task('operation', (text: string) => ({ text }))
