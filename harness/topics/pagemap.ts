/** What becomes of a device's own memory, which processes map and drivers mirror, when it is taken away. */
import fc from 'fast-check'
import type { DriverName } from '../drivers'
import type { Area, World } from '../world'
import type { Topic } from './topic'

const pagesMax = 3

/** Who takes it away, who uses it meanwhile, and what else happens to it. */
const weights: Topic['weights'] = {
  memunmap: 40,
  device_fault: 8,
  device_fault_write: 4,
  device_read: 12,
  device_write: 6,
  prefetch: 3,
  readahead: 2,
  watch: 3,
  cpu_read: 6,
  cpu_write: 8,
  gup: 4,
  dma: 14,
  pagemap_walk: 18,
  kvm_fault: 3,
  kvm_read: 3,
  odp_fault: 3,
  odp_read: 3,
  ats_read: 4,
  munmap: 2,
  mmap_fixed: 1,
  mremap: 3,
  dontneed: 4,
  mprotect_read: 2,
  fork: 5,
  child_read: 5,
  child_write: 2,
  child_exit: 1,
  reclaim: 1,
  oom_reap: 1,
  migrate: 1,
  reopen: 2,
  exit: 2,
}

const deviceMemory: fc.Arbitrary<Area> = fc
  .record({
    pages: fc.integer({ min: 1, max: pagesMax }),
    unmapped: fc.oneof(fc.constant(0), fc.nat(pagesMax)),
    shared: fc.boolean(),
  })
  .map(({ pages, unmapped, shared }): Area => ({
    pages,
    mapped: Math.max(0, pages - unmapped),
    shared,
    backing: 'dax',
  }))

/** What lies beside device memory, under the same PMD: normal memory, or more of the device's. */
const beside: fc.Arbitrary<Area> = fc
  .record({ shared: fc.boolean(), dax: fc.boolean() })
  .map(({ shared, dax }): Area => ({
    pages: 1,
    mapped: 1,
    shared,
    backing: dax ? 'dax' : 'anonymous',
  }))

const world: fc.Arbitrary<World> = fc
  .record({
    first: deviceMemory,
    more: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(beside, { minLength: 1, maxLength: 1 }) },
    ),
    others: fc.oneof(
      { weight: 2, arbitrary: fc.constant<DriverName[]>([]) },
      { weight: 1, arbitrary: fc.subarray<DriverName>(['gpu1', 'kvm', 'odp', 'ats']) },
    ),
    slow: fc.oneof(
      { weight: 1, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, more, others, slow }) => ({ ...first, more, drivers: ['gpu', ...others], slow }))

export const pagemap: Topic = {
  contracts: ['PGM'],
  world,
  weights,
  share: 4,
}
