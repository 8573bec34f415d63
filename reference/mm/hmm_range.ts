/**
 * HMM ranges: detectors of invalidations that collide with a driver's use of page-table entries.
 *
 * `valid` says that no invalidation concerns the range now; it is what a waiter waits for. One boolean
 * cannot also tell that a whole invalidation went by since the entries were read (000:6291-6297), so a
 * range counts its collisions: entries read at one count may be used only at the same count.
 *
 * Left out: whose a page of private device memory is. Every mirror's device reaches it.
 */
import { times } from 'lodash'
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
import { lockdep_assert_held } from '../../spec/headers/lockdep'
import { list_add_tail, list_del } from '../../spec/headers/list'
import { kref_get, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import { find_vma, handle_mm_fault, mmget_not_zero, mmput } from '../../spec/headers/mm'
import { wait_event_timeout } from '../../spec/headers/sched'
import {
  EAGAIN,
  EBUSY,
  EFAULT,
  EINVAL,
  HMM_FLAG_VALID,
  HMM_FLAG_WRITE,
  HMM_PFN_ERROR,
  HMM_PFN_NONE,
  HMM_PFN_SHIFT,
  HMM_PFN_VALID,
  HMM_PFN_WRITE,
  HMM_VALUE_ERROR,
  HMM_VALUE_NONE,
} from '../../spec/headers/types'
import type { hmm_range, pte } from '../../spec/headers/types'
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
  flags: [HMM_PFN_VALID, HMM_PFN_WRITE],
  values: [HMM_PFN_ERROR, HMM_PFN_NONE],
  pfn_shift: HMM_PFN_SHIFT,
  default_flags: 0,
  pfn_flags_mask: 0,
  page_shift: 0,
  collisions: 0,
  seen: 0,
}))

/** Holds a user of the address space and a reference of hmm until unregister (000:740-746, 000:853-857). */
define(hmm_range_register, function* (range, mirror, start, end) {
  range.valid = false
  range.hmm = null
  const unit = 1 << range.page_shift
  if (end <= start || start % unit !== 0 || end % unit !== 0) return -EINVAL
  const hmm = mirror.hmm!
  if (!(yield* mmget_not_zero(hmm.mm))) return -EFAULT
  Object.assign(range, { hmm, start, end, collisions: 0, seen: 0 })
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

/** Looking areas up needs mmap_sem, in either mode (000:876, 000:887). */
define(hmm_range_snapshot, function* (range) {
  lockdep_assert_held(range.hmm!.mm.mmap_sem)
  if (!(yield* begin_walk(range))) return -EBUSY
  const pfns: number[] = []
  const ret = yield* walk_range(range, pfns)
  range.pfns = pfns
  return ret
})

/**
 * Faults in every page the walk needs before it looks again: its own copies collide with the range
 * (000:887-890).
 */
define(hmm_range_fault, function* (range, block) {
  lockdep_assert_held(range.hmm!.mm.mmap_sem)
  const wanted = wantedOf(range)
  if (!(yield* begin_walk(range))) return -EBUSY
  for (;;) {
    const pfns: number[] = []
    const ret = yield* walk_range(range, pfns)
    const missing = ret < 0 ? [] : missingPages(range, pfns, wanted)
    if (missing.length === 0) {
      range.pfns = pfns
      return ret
    }
    const error = yield* fault_pages(range, missing, block)
    if (error) return error
    if (!(yield* still_valid(range))) return -EBUSY
  }
})

/** A page to be brought in, and whether it is to be written. */
interface Missing {
  readonly addr: number
  readonly write: boolean
}

/**
 * Brings pages in. Who may not block lets mmap_sem go while the first of them comes, and gives up
 * (000:4098-4100).
 */
export const fault_pages = symbol(
  'fault_pages',
  function* (range: hmm_range, missing: readonly Missing[], block: boolean): Task<number> {
    const { mm } = range.hmm!
    for (const { addr, write } of missing) {
      const error = yield* handle_mm_fault(mm, addr, write)
      if (error) return error
      if (block) continue
      up_read(mm.mmap_sem)
      return -EAGAIN
    }
    return 0
  },
)

/**
 * Samples the collisions that this call starts from. False if an invalidation concerns the range
 * (000:877-879).
 */
export const begin_walk = symbol('begin_walk', function* (range: hmm_range): AtomicTask<boolean> {
  const { ranges_lock } = range.hmm!
  yield* spin_lock(ranges_lock)
  const { valid } = range
  if (valid) range.seen = range.collisions
  spin_unlock(ranges_lock)
  return valid
})

/** Whether nothing collided since {@link begin_walk} (000:889-890). */
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

/** Copies the entries of [start, end). Pages, or -EFAULT from where no area is (000:737-738). */
export const walk_range = symbol(
  'walk_range',
  function* (range: hmm_range, pfns: number[]): Task<number> {
    const { mm } = range.hmm!
    for (let addr = range.start; addr < range.end; addr++) {
      if (!find_vma(mm, addr)) {
        while (pfns.length < range.end - range.start) pfns.push(range.values[HMM_VALUE_ERROR]!)
        return -EFAULT
      }
      pfns.push(entryOf(range, yield* read_pte(mm, addr)))
    }
    return pfns.length
  },
)

/** An entry of the CPU's table as the driver wants to read it. */
function entryOf({ flags, values, pfn_shift }: hmm_range, entry: pte | null): number {
  if (!entry) return values[HMM_VALUE_NONE]!
  return (
    (entry.pfn << pfn_shift) | flags[HMM_FLAG_VALID]! | (entry.write ? flags[HMM_FLAG_WRITE]! : 0)
  )
}

/** The flags that a fault must bring about, page by page. */
function wantedOf({ start, end, pfns, default_flags, pfn_flags_mask }: hmm_range): number[] {
  return times(end - start, (i) => ((pfns[i] ?? 0) & pfn_flags_mask) | default_flags)
}

/** Pages that are wanted and are not mapped as wanted. */
function missingPages({ start, flags }: hmm_range, pfns: number[], wanted: number[]): Missing[] {
  const valid = flags[HMM_FLAG_VALID]!
  const write = flags[HMM_FLAG_WRITE]!
  return pfns.flatMap((entry, i) => {
    const lacks = wanted[i]! & ~entry & (valid | write)
    const isWanted = (wanted[i]! & valid) !== 0
    return isWanted && lacks !== 0 ? [{ addr: start + i, write: (wanted[i]! & write) !== 0 }] : []
  })
}
