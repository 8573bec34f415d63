/** What devices see of a process's memory. */
import fc from 'fast-check'
import type { DriverName } from '../drivers'
import type { Area, World } from '../world'
import { area, type Topic } from './topic'

const pagesMin = 2
const pagesMax = 3

const weights: Topic['weights'] = {
  ats_read: 10,
  ats_scan: 10,
  ats_write: 6,
  cpu_read: 14,
  cpu_write: 16,
  reclaim: 12,
  kswapd: 1,
  migrate_page: 12,
  munmap: 2,
  mmap_fixed: 1,
  mmap_populate: 3,
  mremap: 3,
  dontneed: 1,
  mprotect_read: 1,
  mprotect_write: 1,
  truncate: 2,
  dma: 9,
  invlock_read: 10,
  invlock_write: 9,
  fork: 2,
  child_read: 1,
  child_write: 2,
  child_exit: 1,
  exit: 1,
  oom_reap: 1,
  device_read: 5,
  device_write: 2,
  vram_read: 12,
  vram_write: 12,
  kvm_fault: 2,
  kvm_read: 3,
  odp_fault: 2,
  odp_read: 3,
  reopen: 1,
  close: 1,
}

const fileArea: fc.Arbitrary<Area> = fc
  .record({ mapped: fc.nat(1), shared: fc.boolean() })
  .map((rest): Area => ({ pages: 1, backing: 'file', ...rest }))

/** A device that shares the CPU's page table, and others beside it; most hardware takes its time. */
const world: fc.Arbitrary<World> = fc
  .record({
    // What a device sees of one page depends on what it has seen of another.
    first: area(pagesMax, pagesMin),
    more: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fileArea, { minLength: 1, maxLength: 1 }) },
    ),
    others: fc.oneof(
      { weight: 1, arbitrary: fc.constant<DriverName[]>([]) },
      { weight: 4, arbitrary: fc.constant<DriverName[]>(['invlock']) },
      { weight: 2, arbitrary: fc.subarray<DriverName>(['gpu', 'kvm', 'odp', 'invlock']) },
      { weight: 2, arbitrary: fc.constant<DriverName[]>(['gpu', 'dmem']) },
    ),
    slow: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, more, others, slow }) => ({ ...first, more, drivers: [...others, 'ats'], slow }))

export const devices: Topic = {
  contracts: ['TLB', 'DRV', 'DEV', 'RFC'],
  world,
  weights,
  share: 16,
}
