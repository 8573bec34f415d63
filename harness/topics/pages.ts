/** What devices see of pages that have huge entries or several addresses, or that copies replace. */
import fc from 'fast-check'
import type { Area, World } from '../world'
import type { Topic } from './topic'

const weights: Topic['weights'] = {
  ats_read: 10,
  ats_scan: 8,
  ats_write: 4,
  cpu_read: 4,
  cpu_write: 14,
  memory_low: 4,
  merge: 14,
  uprobe: 12,
  device_read: 4,
  device_write: 2,
  munmap: 2,
  mmap_fixed: 1,
  mremap: 1,
  dontneed: 3,
  mprotect_read: 2,
  mprotect_write: 1,
  fork: 2,
  child_write: 2,
  child_exit: 1,
  reclaim: 3,
  migrate_page: 2,
  compact: 2,
  dma: 3,
  oom_reap: 1,
  exit: 1,
  close: 1,
}

/** One huge entry and what is beside it, or two of them; or pages of one content. */
const area: fc.Arbitrary<Area> = fc
  .record({ pages: fc.integer({ min: 2, max: 4 }), shared: fc.boolean(), huge: fc.boolean() })
  .map(({ pages, shared, huge }): Area => ({
    pages,
    mapped: pages,
    shared,
    backing: huge ? 'huge' : 'anonymous',
  }))

const world: fc.Arbitrary<World> = fc
  .record({ first: area, gpu: fc.boolean(), slow: fc.boolean() })
  .map(({ first, gpu, slow }) => ({
    ...first,
    more: [],
    drivers: gpu ? ['gpu', 'ats'] : ['ats'],
    slow,
  }))

export const pages: Topic = {
  contracts: ['TLB-06', 'TLB-09', 'TLB-16'],
  world,
  weights,
  share: 3,
}
