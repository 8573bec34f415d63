/** A lock whose write side is held while invalidations are open, and whose read side retries (000:6797-7039). */
import { id } from '../../engine/ids'
import { atomic, bool, plain, task } from '../../engine/symbol'
import type { mm_struct, wait_queue_head } from './types'

/** The document keeps this in the notifier; here it stands beside it, in the driver's struct. */
export interface mmu_invlock {
  mm: mm_struct
  /** Invalidations that are open, interesting or not. */
  active_invalidates: number
  /** Odd while an interesting one is open, or was and another still is. */
  invalidate_seq: number
  wq: wait_queue_head
}

/** One reader's attempts. */
export interface mmu_invlock_state {
  /** What is left of its time, in milliseconds; at 0 it takes mmap_sem for writing. */
  timeout: number
  update_seq: number
  write_locked: boolean
}

/** Milliseconds that a reader may lose to collisions (000:6886). */
export const MMU_INVLOCK_TIMEOUT = 1000

const shown = (invlock: mmu_invlock) => ({
  invlock: id('invlock', invlock),
  /** NULL as long as the driver has not said which. */
  mm: id('mm', invlock.mm),
})

/** A reader's attempt, and what is left of its time. */
const attempt = (invlock: mmu_invlock, { timeout }: mmu_invlock_state) => ({
  ...shown(invlock),
  timeout,
})

/** From a start callback, for every one, with the driver's lock held (000:6904-6906). */
export const mmu_invlock_inv_start = plain(
  'mmu_invlock_inv_start',
  (invlock: mmu_invlock, interesting: boolean) => ({ ...shown(invlock), interesting }),
)
/** From an end callback, for every one, with the driver's lock held. */
export const mmu_invlock_inv_end = plain('mmu_invlock_inv_end', (invlock: mmu_invlock) =>
  shown(invlock),
)
/** Waits until no interesting invalidation is open; returns with mmap_sem held, for reading or writing. */
export const mm_invlock_start_write_and_lock = task('mm_invlock_start_write_and_lock', attempt)
/** Whether the section is to be repeated, asked in it: true is final, false is not (000:6934-6946). */
export const mmu_invlock_write_needs_retry = atomic('mmu_invlock_write_needs_retry', attempt, bool)
/** Releases mmap_sem, with the driver's lock held. True if an invalidation has collided: retry. */
export const mn_invlock_end_write_and_unlock = plain(
  'mn_invlock_end_write_and_unlock',
  attempt,
  bool,
)
