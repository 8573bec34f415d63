/** What devices do with a process's memory that are given work and finish it in their own time. */
import fc from 'fast-check'
import type { DriverName } from '../drivers'
import type { World } from '../world'
import { area, type Topic } from './topic'

const pagesMax = 3

/** Jobs, and whoever changes what is at their addresses meanwhile. */
const weights: Topic['weights'] = {
  hfi1_send: 24,
  hfi1_receive: 30,
  radeon_job: 40,
  shared_job: 60,
  device_read: 3,
  device_write: 2,
  cpu_read: 4,
  cpu_write: 8,
  munmap: 6,
  mmap_populate: 6,
  mremap: 2,
  dontneed: 6,
  mprotect_read: 1,
  reclaim: 12,
  migrate_page: 5,
  truncate: 1,
  fork: 2,
  child_write: 2,
  child_exit: 1,
  oom_reap: 12,
  exit: 1,
  reopen: 2,
  close: 1,
}

/** Drivers that keep pages; most hardware takes its time. */
const world: fc.Arbitrary<World> = fc
  .record({
    first: area(pagesMax),
    drivers: fc.oneof(
      { weight: 3, arbitrary: fc.constant<DriverName[]>(['hfi1']) },
      { weight: 2, arbitrary: fc.constant<DriverName[]>(['radeon']) },
      { weight: 3, arbitrary: fc.constant<DriverName[]>(['hfi1', 'radeon']) },
      { weight: 1, arbitrary: fc.constant<DriverName[]>(['gpu', 'radeon']) },
    ),
    slow: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, drivers, slow }) => ({ ...first, more: [], drivers, slow }))

export const jobs: Topic = {
  contracts: [
    ...[
      'DRV-04',
      'DRV-05',
      'DRV-06',
      'DRV-07',
      'DRV-10',
      'DRV-13',
      'DRV-14',
      'DRV-19',
      'DRV-24',
      'DRV-25',
    ],
    ...['DEV-04', 'DEV-06', 'DEV-07', 'DEV-08'],
  ],
  world,
  weights,
  share: 5,
}
