/**
 * HMM ranges: detectors of invalidations that collide with a driver's use of page-table entries.
 *
 * `valid` says that no invalidation concerns the range now; it is what a waiter waits for. One boolean
 * cannot also tell that a whole invalidation went by since the entries were read (000:6291-6297), so a
 * range counts its collisions: entries read at one count may be used only at the same count.
 */
import { define, symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import {
  hmm_range_fault,
  hmm_range_register,
  hmm_range_snapshot,
  hmm_range_unregister,
  hmm_range_valid,
  hmm_range_wait_until_valid,
} from '../../spec/headers/hmm'
import { list_add_tail, list_del } from '../../spec/headers/list'
import { kref_get, spin_lock, spin_unlock } from '../../spec/headers/locking'
import { find_vma, handle_mm_fault, mmget_not_zero, mmput } from '../../spec/headers/mm'
import { wait_event_timeout } from '../../spec/headers/sched'
import {
  EBUSY,
  EFAULT,
  EINVAL,
  HMM_PFN_SHIFT,
  HMM_PFN_VALID,
  HMM_PFN_WRITE,
} from '../../spec/headers/types'
import type { hmm_range } from '../../spec/headers/types'
import { READ_ONCE } from '../kernel/access'
import { POISON_INUSE, struct } from '../kernel/slab'
import { msecs_to_jiffies } from '../kernel/wait'
import { hmm_put } from './hmm'
import { read_pte } from './pgtable'

export const hmm_range_struct = struct('range', (): hmm_range => ({
  hmm: null,
  start: 0,
  end: 0,
  valid: false,
  pfns: [],
  default_flags: 0,
  collisions: 0,
  seen: 0,
}))

/** Holds a user of the address space and a reference of hmm until unregister (000:740-746, 000:853-857). */
define(hmm_range_register, function* (range, mirror, start, end) {
  range.valid = false
  range.hmm = null
  if (end <= start) return -EINVAL
  const hmm = mirror.hmm!
  if (!(yield* mmget_not_zero(hmm.mm))) return -EFAULT
  Object.assign(range, { hmm, start, end, pfns: [], collisions: 0, seen: 0 })
  yield* kref_get(hmm.kref)
  yield* spin_lock(hmm.ranges_lock)
  list_add_tail(hmm.ranges, range)
  // Passes that are open never met this range: wait for all of them (000:1106-1107).
  range.valid = hmm.notifiers === 0
  spin_unlock(hmm.ranges_lock)
  return 0
})

/** Unlinked first: the mmput may tear the address space down here and now (000:862-865). */
define(hmm_range_unregister, function* (range) {
  const hmm = range.hmm!
  yield* spin_lock(hmm.ranges_lock)
  list_del(hmm.ranges, range)
  spin_unlock(hmm.ranges_lock)
  range.valid = false
  yield* mmput(hmm.mm)
  yield* hmm_put(hmm)
  range.hmm = POISON_INUSE
})

/** True if the range was seen quiescent in time (000:2628-2633). */
define(hmm_range_wait_until_valid, function* (range, timeout) {
  const left = yield* wait_event_timeout(
    range.hmm!.wq,
    () => range.valid,
    msecs_to_jiffies(timeout),
  )
  return left !== 0
})

/** Asked under the driver's update lock, which the driver's callback takes too (000:6267-6268). */
define(hmm_range_valid, (range) => READ_ONCE(() => unhurt(range)))

define(hmm_range_snapshot, function* (range) {
  if (!(yield* begin_walk(range))) return -EBUSY
  return yield* walk_range(range)
})

/** Faults in every page the walk needs before it looks again: its own copies collide with the range. */
define(hmm_range_fault, function* (range) {
  if (!(yield* begin_walk(range))) return -EBUSY
  for (;;) {
    const ret = yield* walk_range(range)
    if (ret < 0) return ret
    const missing = missingPages(range)
    if (missing.length === 0) return ret
    for (const addr of missing) {
      const error = yield* handle_mm_fault(range.hmm!.mm, addr, wantsWrite(range))
      if (error) return error
    }
    if (!(yield* still_valid(range))) return -EBUSY
  }
})

/** Samples the collisions that this call starts from. False if an invalidation concerns the range. */
export const begin_walk = symbol('begin_walk', function* (range: hmm_range): AtomicTask<boolean> {
  const { ranges_lock } = range.hmm!
  yield* spin_lock(ranges_lock)
  const { valid } = range
  if (valid) range.seen = range.collisions
  spin_unlock(ranges_lock)
  return valid
})

/** Whether nothing collided since {@link begin_walk}. */
export const still_valid = symbol('still_valid', function* (range: hmm_range): AtomicTask<boolean> {
  const { ranges_lock } = range.hmm!
  yield* spin_lock(ranges_lock)
  const valid = unhurt(range)
  spin_unlock(ranges_lock)
  return valid
})

/** Quiescent, and no collision since the entries were read. */
function unhurt(range: hmm_range): boolean {
  return range.valid && range.seen === range.collisions
}

/** Copies the entries of [start, end). Pages, or -EFAULT where no area is. */
function* walk_range(range: hmm_range): Task<number> {
  const { mm } = range.hmm!
  const pfns: number[] = []
  for (let addr = range.start; addr < range.end; addr++) {
    if (!find_vma(mm, addr)) return -EFAULT
    const entry = yield* read_pte(mm, addr)
    pfns.push(entry ? toPfn(entry.pfn, entry.write) : 0)
  }
  range.pfns = pfns
  return pfns.length
}

function toPfn(pfn: number, write: boolean): number {
  return (pfn << HMM_PFN_SHIFT) | HMM_PFN_VALID | (write ? HMM_PFN_WRITE : 0)
}

function wantsWrite(range: hmm_range): boolean {
  return (range.default_flags & HMM_PFN_WRITE) !== 0
}

/** Pages that are not mapped as `default_flags` wants them. */
function missingPages(range: hmm_range): number[] {
  const wanted = HMM_PFN_VALID | range.default_flags
  return range.pfns.flatMap((entry, i) => ((entry & wanted) === wanted ? [] : [range.start + i]))
}
