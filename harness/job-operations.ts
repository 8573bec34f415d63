/** What devices do that are given work and finish it in their own time, by name. */
import { type Task } from '../engine/task'
import type { mmu_rb_handler } from '../reference/drivers/hfi1_mmu_rb'
import {
  hfi1_user_sdma_begin,
  hfi1_user_sdma_finish,
  hfi1_user_sdma_process_request,
} from '../reference/drivers/hfi1_user_sdma'
import { radeon_bo_validate, radeon_cs_ioctl } from '../reference/drivers/radeon_cs'
import { userptrPages, type radeon_bo } from '../reference/drivers/radeon_mn'
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
  shared_job: {
    takes: ['page', 'end'],
    on: 'radeon',
    run: (m, start, end) => sharedJob(m, start!, end!),
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

/** The GPU writes to pages of its object. */
function radeonJob(machine: Machine, page: number, end: number): Task<void> {
  const [first, last] = within(page, end)
  return asProcess(machine, () =>
    withFile(machine.drivers.radeon, (bo) => radeon_cs_ioctl(bo, first, last, null)),
  )
}

/** Of the pages of the GPU's object, those that these come down to. */
function within(page: number, end: number): readonly [first: number, last: number] {
  const first = page % userptrPages
  return [first, Math.min(userptrPages, first + Math.max(1, end - page))]
}

/** The NIC fills a buffer that it shares with the GPU, whose job on it waits for the NIC's fence. */
function sharedJob(machine: Machine, page: number, end: number): Task<void> {
  const [first, last] = within(page, end)
  const { hfi1, radeon } = machine.drivers
  return asProcess(machine, () =>
    withFile(hfi1, (handler) => withFile(radeon, (bo) => shared(handler, bo, first, last))),
  )
}

function* shared(handler: mmu_rb_handler, bo: radeon_bo, first: number, last: number): Task<void> {
  // The GPU is ready before the NIC begins, or the NIC would have finished before the GPU is asked.
  if ((yield* radeon_bo_validate(bo)) !== 0) return
  const request = yield* hfi1_user_sdma_begin(handler, first, last, true)
  if (!request) return
  yield* radeon_cs_ioctl(bo, first, last, request.done)
  yield* hfi1_user_sdma_finish(request)
}
