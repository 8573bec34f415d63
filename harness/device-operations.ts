/** What devices and memory management do in worlds that are about devices, by name. */
import { type Task } from '../engine/task'
import {
  madvise_mergeable,
  try_to_compact_pages,
  uprobe_write_opcode,
  vm_mmap_fixed,
} from '../spec/headers/mm'
import type { mm_struct } from '../spec/headers/types'
import { ats_use } from '../reference/devices/ats-device'
import { ats_page_request, type ats } from '../reference/drivers/ats'
import { dma_write } from '../reference/drivers/dma'
import {
  aperturePages,
  invlock_gpu_fault,
  invlock_gpu_use,
  type invlock_gpu,
} from '../reference/drivers/invlock_gpu'
import { GFP_KERNEL } from '../reference/kernel/slab'
import { migrate_index } from '../reference/mm/migrate'
import { withFile } from './device-file'
import { asProcess, cpuAccess, faultingAccess, type Operation } from './operation'

export const deviceOperations: Readonly<Record<string, Operation>> = {
  ats_read: {
    takes: ['page'],
    on: 'ats',
    run: (m, page) => withFile(m.drivers.ats, (ats) => atsAccess(ats, page!, false)),
  },
  ats_write: {
    takes: ['page'],
    on: 'ats',
    run: (m, page) => withFile(m.drivers.ats, (ats) => atsAccess(ats, page!, true)),
  },
  ats_scan: {
    takes: ['page', 'end'],
    on: 'ats',
    run: (m, start, end) => withFile(m.drivers.ats, (ats) => atsScan(ats, start!, end!)),
  },
  invlock_read: {
    takes: ['page'],
    on: 'invlock',
    run: (m, page) => withFile(m.drivers.invlock, (driver) => invlockAccess(driver, page!, false)),
  },
  invlock_write: {
    takes: ['page'],
    on: 'invlock',
    run: (m, page) => withFile(m.drivers.invlock, (driver) => invlockAccess(driver, page!, true)),
  },
  dma: {
    takes: ['page'],
    run: (m, page) => asProcess(m, (mm) => dma_write(mm, page!)),
  },
  migrate_page: { takes: ['page'], run: (_m, page) => migrate_index(page!) },
  compact: { takes: [], run: () => try_to_compact_pages(GFP_KERNEL) },
  merge: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => madvise_mergeable(mm, start!, end!)),
  },
  uprobe: {
    takes: ['page'],
    run: (m, page) => asProcess(m, (mm) => uprobe_write_opcode(mm, page!)),
  },
  mmap_populate: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => mapAndWrite(mm, start!, end!)),
  },
}

/** A page that the device cannot translate is requested, and tried again. */
function* atsAccess(ats: ats, page: number, write: boolean): Task<void> {
  yield* faultingAccess(
    ats.device,
    page,
    write,
    () => ats_use(ats.device, page, write),
    () => ats_page_request(ats, page, write),
  )
}

/** Of the pages that the device can use, the one that this number comes down to. */
function* invlockAccess(driver: invlock_gpu, number: number, write: boolean): Task<void> {
  const page = number % aperturePages
  yield* faultingAccess(
    driver.gpu,
    page,
    write,
    () => invlock_gpu_use(driver, page, write),
    () => invlock_gpu_fault(driver, page, write),
  )
}

/** The device reads one page after the other. */
function* atsScan(ats: ats, start: number, end: number): Task<void> {
  for (let page = start; page < end; page++) yield* atsAccess(ats, page, false)
}

/** MAP_FIXED and MAP_POPULATE: fresh memory that is written at once. */
function* mapAndWrite(mm: mm_struct, start: number, end: number): Task<void> {
  yield* vm_mmap_fixed(mm, start, end)
  for (let page = start; page < end; page++) yield* cpuAccess(mm, page, true)
}
