/** What devices whose accesses fault are owed by their drivers. */
import fc from 'fast-check'
import type { DriverName } from '../drivers'
import type { World } from '../world'
import { area, type Topic } from './topic'

const pagesMax = 3

/** Devices that fault, and whatever takes their pages away meanwhile. */
const weights: Topic['weights'] = {
  guest_read: 9,
  guest_write: 6,
  nic_read: 9,
  nic_write: 6,
  device_read: 9,
  device_write: 6,
  gpu_scan: 9,
  gpu_fill: 6,
  cpu_write: 8,
  cpu_read: 2,
  reclaim: 6,
  oom_reap: 6,
  dontneed: 4,
  munmap: 5,
  mmap_fixed: 2,
  mprotect_read: 3,
  mprotect_write: 1,
  migrate_page: 2,
  uverbs_write: 8,
  child_uverbs_write: 8,
  fork: 8,
  child_write: 4,
  child_exit: 1,
  reopen: 2,
  close: 1,
  exit: 3,
}

/** Drivers that are open together, and how often. */
const sets: readonly fc.WeightedArbitrary<DriverName[]>[] = [
  { weight: 3, arbitrary: fc.subarray<DriverName>(['gpu', 'kvm', 'odp'], { minLength: 1 }) },
  { weight: 3, arbitrary: fc.constant(['uverbs']) },
]

/** Each kind of driver alone, and beside the others; half of the hardware takes its time. */
const world: fc.Arbitrary<World> = fc
  .record({
    first: area(pagesMax),
    drivers: fc.oneof(...sets),
    slow: fc.boolean(),
  })
  .map(({ first, drivers, slow }) => ({ ...first, more: [], drivers, slow }))

export const faults: Topic = {
  contracts: ['DRV-01', 'DRV-02', 'DRV-16', 'DRV-23', 'DRV-27', 'DEV-03', 'DEV-10', 'DEV-11'],
  world,
  weights,
  share: 9,
}
