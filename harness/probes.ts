/** Uses of HMM ranges and of passes that are there to be watched: what waits, snapshots and checks answer. */
import { type Task } from '../engine/task'
import {
  hmm_mirror_register,
  hmm_range_register,
  hmm_range_snapshot,
  hmm_range_unregister,
  hmm_range_valid,
  hmm_range_wait_until_valid,
} from '../spec/headers/hmm'
import {
  down_read,
  down_write,
  mutex_lock,
  mutex_unlock,
  up_read,
  up_write,
} from '../spec/headers/locking'
import { kfree, kmalloc } from '../spec/headers/mm'
import { HMM_PFN_VALID, type hmm_range, type mm_struct } from '../spec/headers/types'
import type { nouveau_svmm } from '../reference/drivers/nouveau_svm'
import { GFP_KERNEL } from '../reference/kernel/slab'
import { hmm_range_struct } from '../reference/mm/hmm_range'

const timeoutMilliseconds = 10
const roundsOfAWatch = 4

/** Registers a range and asks once. */
export function probe_range(svmm: nouveau_svmm, start: number, end: number): Task<void> {
  return withRange(svmm, start, end, (range) => ask(svmm, range))
}

/** Keeps a range registered and asks again and again. */
export function watch_range(svmm: nouveau_svmm, start: number, end: number): Task<void> {
  return withRange(svmm, start, end, function* (range) {
    for (let round = 0; round < roundsOfAWatch; round++) yield* ask(svmm, range)
  })
}

/** Registers a range and reads entries at once, without waiting for invalidations to be over. */
export function peek_range(svmm: nouveau_svmm, start: number, end: number): Task<void> {
  return withRange(svmm, start, end, (range) => look(svmm, range))
}

/** Asks a range that is not registered any more: it must not be called valid. */
export function* stale_range(svmm: nouveau_svmm, start: number, end: number): Task<void> {
  const range = hmm_range_struct({ default_flags: HMM_PFN_VALID })
  yield* kmalloc(range, GFP_KERNEL)
  if ((yield* hmm_range_register(range, svmm.mirror, start, end)) === 0) {
    yield* hmm_range_unregister(range)
    hmm_range_valid(range)
  }
  yield* kfree(range)
}

/** Calls with arguments that must be refused: nothing is there, or an interval is none. */
export function* bad_arguments({ mirror }: nouveau_svmm, mm: mm_struct): Task<void> {
  yield* down_write(mm.mmap_sem)
  yield* hmm_mirror_register(null as never, mm)
  yield* hmm_mirror_register(mirror, null as never)
  yield* hmm_mirror_register({ hmm: null, ops: null as never }, mm)
  up_write(mm.mmap_sem)
  const range = hmm_range_struct({ page_shift: 1 })
  yield* kmalloc(range, GFP_KERNEL)
  yield* hmm_range_register(range, mirror, 1, 1)
  yield* hmm_range_register(range, mirror, 0, 1)
  yield* kfree(range)
}

function* withRange(
  svmm: nouveau_svmm,
  start: number,
  end: number,
  use: (range: hmm_range) => Task<void>,
): Task<void> {
  const range = hmm_range_struct({ default_flags: HMM_PFN_VALID })
  yield* kmalloc(range, GFP_KERNEL)
  if ((yield* hmm_range_register(range, svmm.mirror, start, end)) === 0) {
    yield* use(range)
    yield* hmm_range_unregister(range)
  }
  yield* kfree(range)
}

/** Waits, snapshots, and checks under the driver's lock, as a fault would. */
function* ask(svmm: nouveau_svmm, range: hmm_range): Task<void> {
  if (yield* hmm_range_wait_until_valid(range, timeoutMilliseconds)) yield* look(svmm, range)
}

function* look(svmm: nouveau_svmm, range: hmm_range): Task<void> {
  const { mmap_sem } = svmm.mm
  yield* down_read(mmap_sem)
  if ((yield* hmm_range_snapshot(range)) >= 0) {
    yield* mutex_lock(svmm.mutex)
    hmm_range_valid(range)
    mutex_unlock(svmm.mutex)
  }
  up_read(mmap_sem)
}
