/** HMM: mirrors of an address space, and the ranges that detect colliding invalidations. */
import { id } from '../../engine/ids'
import { bool, int, opsTable, plain, task } from '../../engine/symbol'
import type { hmm_mirror, hmm_range, hmm_update, mm_struct } from './types'

const mirrorId = (mirror: hmm_mirror) => id('mirror', mirror)
const rangeId = (range: hmm_range) => id('range', range)
/** A range by its id, and the interval it says it detects collisions of. */
const detector = (range: hmm_range) => ({
  range: rangeId(range),
  start: range.start,
  end: range.end,
})

// ---- the callbacks -----------------------------------------------------------------------------------

const ops = {
  /** The address space is going away. May not register or unregister mirrors (000:1158-1159). */
  release: task('hmm_mirror_ops.release', (mirror: hmm_mirror) => ({ mirror: mirrorId(mirror) })),
  /** Drop the device's translations of the range. 0, or -EAGAIN when not blockable. */
  sync_cpu_device_pagetables: task(
    'hmm_mirror_ops.sync_cpu_device_pagetables',
    (mirror: hmm_mirror, update: hmm_update) => ({
      mirror: mirrorId(mirror),
      start: update.start,
      end: update.end,
      event: update.event,
      blockable: update.blockable,
    }),
    int,
  ),
}
export type hmm_mirror_ops_decl = typeof ops
export const { release: mirror_release, sync_cpu_device_pagetables } = ops
/** Fills in a struct hmm_mirror_ops. */
export const hmm_mirror_ops = opsTable(ops)

// ---- mirrors -------------------------------------------------------------------------------------------

/** Begins to mirror `mm`. The caller holds mmap_sem for writing. 0, -EINVAL or -ENOMEM. */
export const hmm_mirror_register = task(
  'hmm_mirror_register',
  (mirror: hmm_mirror, mm: mm_struct) => ({
    mirror: mirrorId(mirror),
    mm: id('mm', mm),
    /** Whether it has ops. */
    ops: Boolean(mirror?.ops),
  }),
  int,
)
/** Stops mirroring; the mirror's memory may be freed on return. Exactly once per register. */
export const hmm_mirror_unregister = task('hmm_mirror_unregister', (mirror: hmm_mirror) => ({
  mirror: mirrorId(mirror),
}))

// ---- ranges ----------------------------------------------------------------------------------------------

/** Sets up the detector for [start, end) in pages. 0, or -EFAULT when the address space is gone. */
export const hmm_range_register = task(
  'hmm_range_register',
  (range: hmm_range, mirror: hmm_mirror, start: number, end: number) => ({
    range: rangeId(range),
    mirror: mirrorId(mirror),
    start,
    end,
  }),
  int,
)
/** Ends the range. May be the last user of the address space, and then tears it down. */
export const hmm_range_unregister = task('hmm_range_unregister', detector)
/** Waits, up to `timeout` milliseconds, until no invalidation concerns the range. */
export const hmm_range_wait_until_valid = task(
  'hmm_range_wait_until_valid',
  (range: hmm_range, timeout: number) => ({ range: rangeId(range), timeout }),
  bool,
)
/** Whether nothing has collided since the last accepted snapshot. Asked under the update lock. */
export const hmm_range_valid = plain(
  'hmm_range_valid',
  (range: hmm_range) => ({ range: rangeId(range), start: range.start, end: range.end }),
  bool,
)
/** Copies the CPU's entries into `pfns`. The caller holds mmap_sem. Pages, or -EBUSY to retry. */
export const hmm_range_snapshot = task('hmm_range_snapshot', detector, int)
/**
 * The same, faulting in what is missing. Pages, -EBUSY to retry, or another -errno. When not `block`,
 * a page that has to be waited for drops mmap_sem and gives -EAGAIN.
 */
export const hmm_range_fault = task(
  'hmm_range_fault',
  (range: hmm_range, block: boolean) => ({ ...detector(range), block }),
  int,
)
