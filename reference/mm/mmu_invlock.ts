/**
 * A lock against invalidations whose readers retry when one has collided (000:6797-7039).
 *
 * Where it differs from what was posted: an interesting invalidation makes the sequence odd whoever came before it,
 * an end counts down, the sequence is sampled with mmap_sem held and compared on both paths, as reclaim holds no
 * mmap_sem (000:7204-7208), and true means retry everywhere.
 *
 * Time is virtual: every collision is charged as if it had taken half of the time there is.
 */
import { define } from '../../engine/symbol'
import { point } from '../../engine/task'
import {
  MMU_INVLOCK_TIMEOUT,
  mm_invlock_start_write_and_lock,
  mmu_invlock_inv_end,
  mmu_invlock_inv_start,
  mmu_invlock_write_needs_retry,
  mn_invlock_end_write_and_unlock,
  type mmu_invlock,
  type mmu_invlock_state,
} from '../../spec/headers/mmu_invlock'
import { down_read, down_write, up_read, up_write } from '../../spec/headers/locking'
import { wait_event_timeout, wake_up_all } from '../../spec/headers/sched'
import { READ_ONCE, WRITE_ONCE } from '../kernel/access'
import { BUG_ON } from '../kernel/bug'
import { struct } from '../kernel/slab'
import { wait_event, wait_queue } from '../kernel/wait'

export const chargePerCollision = MMU_INVLOCK_TIMEOUT / 2

export const mmu_invlock_struct = struct('invlock', (): mmu_invlock => ({
  mm: null as never,
  active_invalidates: 0,
  invalidate_seq: 0,
  wq: wait_queue({ name: 'invlock.wq' }),
}))

export const MMU_INVLOCK_STATE_INIT = (): mmu_invlock_state => ({
  timeout: MMU_INVLOCK_TIMEOUT,
  update_seq: 0,
  write_locked: false,
})

/** Whether an interesting invalidation began since the sequence was sampled (000:6934-6946). */
export function has_collided(invlock: mmu_invlock, { update_seq }: mmu_invlock_state): boolean {
  return READ_ONCE(() => invlock.invalidate_seq) !== update_seq
}

/** Whether an interesting invalidation may be open (000:6889-6892). */
export function is_locked_seqcount(invlock: mmu_invlock): boolean {
  return READ_ONCE(() => invlock.invalidate_seq) % 2 === 1
}

/** A step of the sequence: odd while an interesting invalidation is open (000:6908-6913). */
export function next_seq(invlock: mmu_invlock): void {
  const seq = READ_ONCE(() => invlock.invalidate_seq)
  WRITE_ONCE(() => (invlock.invalidate_seq = seq + 1))
}

define(mmu_invlock_inv_start, (invlock, interesting) => {
  if (interesting && !is_locked_seqcount(invlock)) next_seq(invlock)
  invlock.active_invalidates++
})

/** Counts down, whatever the sketch does (000:6923-6931). */
define(mmu_invlock_inv_end, (invlock) => {
  BUG_ON(invlock.active_invalidates === 0, 'mmu_invlock_inv_end without a start')
  invlock.active_invalidates--
  if (invlock.active_invalidates > 0 || !is_locked_seqcount(invlock)) return
  next_seq(invlock)
  wake_up_all(invlock.wq)
})

/** Within its time a reader gives up the wait; without any left it waits as long as it takes (000:6974-7012). */
define(mm_invlock_start_write_and_lock, function* (invlock, st) {
  const isFree = () => !is_locked_seqcount(invlock)
  for (;;) {
    if (st.timeout > 0) st.timeout = yield* wait_event_timeout(invlock.wq, isFree, st.timeout)
    if (st.timeout === 0) yield* wait_event(invlock.wq, isFree)
    yield* lock_mmap_sem(invlock, st)
    yield* point('sample invalidate_seq')
    st.update_seq = READ_ONCE(() => invlock.invalidate_seq)
    if (st.update_seq % 2 === 0) return
    // Whoever made it odd did not need mmap_sem, or had it before.
    unlock_mmap_sem(invlock, st)
  }
})

/** Without the driver's lock an invalidation may begin as soon as this has answered. */
define(mmu_invlock_write_needs_retry, function* (invlock, st) {
  yield* point('mmu_invlock_write_needs_retry')
  return has_collided(invlock, st)
})

/** Answers first, and lets go then: what collides later is the next section's (000:7016-7036). */
define(mn_invlock_end_write_and_unlock, (invlock, st) => {
  const retry = has_collided(invlock, st)
  unlock_mmap_sem(invlock, st)
  if (retry) st.timeout = Math.max(0, st.timeout - chargePerCollision)
  return retry
})

/** For reading, and without any time left for writing (000:7004-7011). */
export function* lock_mmap_sem({ mm }: mmu_invlock, st: mmu_invlock_state) {
  st.write_locked = st.timeout === 0
  if (st.write_locked) yield* down_write(mm.mmap_sem)
  else yield* down_read(mm.mmap_sem)
}

/** As it was taken (000:7030-7034). */
export function unlock_mmap_sem({ mm }: mmu_invlock, st: mmu_invlock_state): void {
  if (st.write_locked) up_write(mm.mmap_sem)
  else up_read(mm.mmap_sem)
  st.write_locked = false
}
