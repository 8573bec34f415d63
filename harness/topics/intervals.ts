/** What interval notifiers promise. */
import fc from 'fast-check'
import type { World } from '../world'
import { area, type Topic } from './topic'

const pagesMax = 3

/** Who reads, who comes and goes, and whom they collide with. */
const weights: Topic['weights'] = {
  interval_read: 10,
  interval_write: 5,
  interval_mirror: 14,
  interval_peek: 2,
  reopen: 6,
  close: 1,
  cpu_write: 5,
  dontneed: 7,
  reclaim: 5,
  oom_reap: 8,
  listen: 4,
  munmap: 2,
  mprotect_read: 1,
  migrate_page: 1,
  fork: 1,
  exit: 1,
}

/** An interval notifier's user, and pages that do not concern it. */
const world: fc.Arbitrary<World> = fc
  .record({
    first: area(pagesMax),
    slow: fc.oneof(
      { weight: 1, arbitrary: fc.constant(true) },
      { weight: 3, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, slow }) => ({ ...first, more: [], drivers: ['interval'], slow }))

export const intervals: Topic = {
  contracts: ['INT'],
  world,
  weights,
  share: 4,
}
