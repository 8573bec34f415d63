/** What devices do that are given work and finish it in their own time, by name. */
import { type Task } from '../engine/task'
import { hfi1_user_sdma_process_request } from '../reference/drivers/hfi1_user_sdma'
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
}

/** The NIC reads or writes memory of the process. */
function sdma(machine: Machine, start: number, end: number, write: boolean): Task<void> {
  return asProcess(machine, () =>
    withFile(machine.drivers.hfi1, (handler) =>
      hfi1_user_sdma_process_request(handler, start, end, write),
    ),
  )
}
