/** What operations are made of: their shape, and what those of the process share. */
import { reads } from '../engine/footprint'
import { type Task } from '../engine/task'
import type { device } from '../spec/headers/device'
import { down_read, up_read } from '../spec/headers/locking'
import { cpu_access, handle_mm_fault, mmget_not_zero, mmput } from '../spec/headers/mm'
import type { mm_struct } from '../spec/headers/types'
import { answerFault } from '../reference/hardware/fault-queue'
import { frameState, pfn_to_page, store } from '../reference/hardware/memory'
import { read_present_pte } from '../reference/mm/pgtable'
import { withFile } from './device-file'
import type { DriverName } from './drivers'
import type { Machine } from './world'

/** What an operation's arguments are, for generators and for checking. */
export type Argument = 'page' | 'end' | 'gpu' | 'driver'

export interface Operation {
  readonly takes: readonly Argument[]
  /** The device that it works on, unless an argument says which. */
  readonly on?: DriverName
  readonly run: (machine: Machine, ...args: number[]) => Task<unknown>
}

/** A thread of the process keeps the address space alive; there is none once it is gone. */
export function asProcess({ mm }: Machine, operate: (mm: mm_struct) => Task<unknown>): Task<void> {
  return asUser(mm, operate)
}

export function asChild({ child }: Machine, operate: (mm: mm_struct) => Task<unknown>): Task<void> {
  return withFile(child, (mm) => asUser(mm, operate))
}

function* asUser(mm: mm_struct, operate: (mm: mm_struct) => Task<unknown>): Task<void> {
  if (!(yield* mmget_not_zero(mm))) return
  yield* operate(mm)
  yield* mmput(mm)
}

/** The CPU uses one page, which it faults in if it must. */
export function* cpuAccess(mm: mm_struct, page: number, write: boolean): Task<void> {
  yield* down_read(mm.mmap_sem)
  if ((yield* handle_mm_fault(mm, page, write)) === 0) {
    const entry = yield* read_present_pte(mm, page)
    if (entry) {
      const writing = write && entry.write
      if (writing) store(pfn_to_page(entry.pfn))
      else reads(frameState)
      cpu_access(mm, page, entry.pfn, writing, pfn_to_page(entry.pfn).value)
    }
  }
  up_read(mm.mmap_sem)
}

/**
 * A device uses a page; an access that it cannot translate is a fault for its driver, and is made again if that mends
 * it. What the driver answered, or 0.
 */
export function* deviceAccess(
  access: () => Task<boolean>,
  fault: () => Task<number>,
): Task<number> {
  if (yield* access()) return 0
  const ret = yield* fault()
  if (ret === 0) yield* access()
  return ret
}

/** The same, on a device that reports what its driver could not mend. */
export function* faultingAccess(
  device: device,
  page: number,
  write: boolean,
  access: () => Task<boolean>,
  fault: () => Task<number>,
): Task<void> {
  answerFault(device, { page, write }, yield* deviceAccess(access, fault))
}
