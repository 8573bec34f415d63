/** What devices do that are given work and finish it in their own time, by name. */
import { type Task } from '../engine/task'
import { hfi1_user_sdma_process_request } from '../reference/drivers/hfi1_user_sdma'
import { radeon_cs_ioctl } from '../reference/drivers/radeon_cs'
import { userptrPages } from '../reference/drivers/radeon_mn'
import { withFile } from './device-file'
import { asProcess, type Operation } from './operation'
import type { Machine } from './world'

export const jobOperations: Readonly<Record<string, Operation>> = {
  hfi1_send: {
    takes: ['page', 'end'],
    on: 'hfi1',
    run: (m, start, end) => sdma(m, start!, end!, false),
  },
  hfi1_receive: {
    takes: ['page', 'end'],
    on: 'hfi1',
    run: (m, start, end) => sdma(m, start!, end!, true),
  },
  radeon_job: {
    takes: ['page', 'end'],
    on: 'radeon',
    run: (m, start, end) => radeonJob(m, start!, end!),
  },
}

/** The NIC reads or writes memory of the process. */
function sdma(machine: Machine, start: number, end: number, write: boolean): Task<void> {
  return asProcess(machine, () =>
    withFile(machine.drivers.hfi1, (handler) =>
      hfi1_user_sdma_process_request(handler, start, end, write),
    ),
  )
}

/** The GPU writes to pages of its object: to those that these come down to. */
function radeonJob(machine: Machine, start: number, end: number): Task<void> {
  const first = start % userptrPages
  const last = Math.min(userptrPages, first + Math.max(1, end - start))
  return asProcess(machine, () =>
    withFile(machine.drivers.radeon, (bo) => radeon_cs_ioctl(bo, first, last, null)),
  )
}
