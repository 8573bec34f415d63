/** What users of interval notifiers do, by name. */
import { type Task } from '../engine/task'
import { device_use } from '../reference/devices/translating-device'
import {
  interval_gpu_fault,
  interval_gpu_peek,
  type interval_gpu,
} from '../reference/drivers/interval_gpu'
import { interval_mirror_use } from '../reference/drivers/interval_mirror'
import { withFile } from './device-file'
import { asProcess, deviceAccess, type Operation } from './operation'

export const intervalOperations: Readonly<Record<string, Operation>> = {
  interval_mirror: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => interval_mirror_use(mm, start!, end!)),
  },
  interval_peek: {
    takes: [],
    on: 'interval',
    run: (m) => withFile(m.drivers.interval, interval_gpu_peek),
  },
  interval_read: {
    takes: ['page'],
    on: 'interval',
    run: (m, page) =>
      withFile(m.drivers.interval, (driver) => intervalAccess(driver, page!, false)),
  },
  interval_write: {
    takes: ['page'],
    on: 'interval',
    run: (m, page) => withFile(m.drivers.interval, (driver) => intervalAccess(driver, page!, true)),
  },
}

/**
 * The GPU uses a page; an access that it cannot translate is a fault, and is tried again. One outside of its window is
 * no error of anybody's.
 */
function* intervalAccess(driver: interval_gpu, page: number, write: boolean): Task<void> {
  yield* deviceAccess(
    () => device_use(driver.gpu, page, write),
    () => interval_gpu_fault(driver, page, write),
  )
}
