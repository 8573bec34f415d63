/**
 * A GPU driver without HMM, as the helpers' author wanted drivers to look (000:6814-6835): what a fault has read is
 * published under the lock of the callbacks, unless an invalidation has collided with it. Coherent at any time;
 * pages outside of its aperture are none of its business.
 */
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import {
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
} from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import {
  mm_invlock_start_write_and_lock,
  mmu_invlock_inv_end,
  mmu_invlock_inv_start,
  mmu_invlock_write_needs_retry,
  mn_invlock_end_write_and_unlock,
  type mmu_invlock,
} from '../../spec/headers/mmu_invlock'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { EAGAIN, EFAULT } from '../../spec/headers/types'
import type {
  mm_struct,
  mutex,
  mmu_notifier,
  mmu_notifier_range,
  pte,
  spinlock_t,
} from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  device_use,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { everyPage } from '../hardware/memory'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { MMU_INVLOCK_STATE_INIT, mmu_invlock_struct } from '../mm/mmu_invlock'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from '../mm/mmu_notifier'
import { read_present_pte } from '../mm/pgtable'

/** `lock` protects the device's entries and the count of invalidations; `job` is held while the device works. */
export interface invlock_gpu {
  readonly mm: mm_struct
  readonly lock: spinlock_t
  readonly job: mutex
  readonly mmu_notifier: mmu_notifier
  readonly invlock: mmu_invlock
  readonly gpu: TranslatingDevice
}

/** Pages that the device can use: the others are not interesting. */
export const aperturePages = 1

export const invlock_gpu_struct = struct('invlock_gpu', (): invlock_gpu => ({
  mm: null as never,
  lock: spinlock({ name: 'invlock_gpu.lock' }),
  job: mutex_struct({ name: 'invlock_gpu.job' }),
  mmu_notifier: mmu_notifier_struct(),
  invlock: mmu_invlock_struct(),
  gpu: null as never,
}))

/** Everything is there before the first callback can come (000:6960-6963). */
export const invlock_gpu_open = symbol(
  'invlock_gpu_open',
  function* (mm: mm_struct, name: string): Task<invlock_gpu | null> {
    const driver = invlock_gpu_struct({ mm, gpu: translatingDevice(name, mm) })
    yield* kmalloc(driver, GFP_KERNEL)
    driver.invlock.mm = mm
    driver.mmu_notifier.ops = invlock_gpu_ops
    driver.mmu_notifier.may_refuse = true
    if ((yield* mmu_notifier_register(driver.mmu_notifier, mm)) === 0) return driver
    yield* kfree(driver)
    return null
  },
)

/** Stops to hear of changes before what its callbacks look at is freed. The model's own. */
export const invlock_gpu_close = symbol(
  'invlock_gpu_close',
  function* (driver: invlock_gpu): Task<void> {
    yield* mmu_notifier_unregister(driver.mmu_notifier, driver.mm)
    yield* kfree(driver)
  },
)

/** A job that reads or writes one page. False if the GPU has no translation that allows it. The model's own. */
export const invlock_gpu_use = symbol(
  'invlock_gpu_use',
  function* ({ job, gpu }: invlock_gpu, addr: number, write: boolean): Task<boolean> {
    yield* mutex_lock(job)
    const done = yield* device_use(gpu, addr, write)
    mutex_unlock(job)
    return done
  },
)

/** Lets the GPU use one page. 0 or -errno. The address space is kept while the helpers use it (000:6814-6829). */
export const invlock_gpu_fault = symbol(
  'invlock_gpu_fault',
  function* (driver: invlock_gpu, addr: number, write: boolean): Task<number> {
    if (addr >= aperturePages || !(yield* mmget_not_zero(driver.mm))) return -EFAULT
    const ret = yield* invlock_gpu_map(driver, addr, write)
    yield* mmput(driver.mm)
    return ret
  },
)

/** What an invalidation has made useless is not read, but the section is ended as any other (000:3962-3964). */
export const invlock_gpu_map = symbol(
  'invlock_gpu_map',
  function* ({ mm, lock, invlock, gpu }: invlock_gpu, addr: number, write: boolean): Task<number> {
    const st = MMU_INVLOCK_STATE_INIT()
    for (;;) {
      yield* mm_invlock_start_write_and_lock(invlock, st)
      const ret = yield* handle_mm_fault(mm, addr, write)
      const useless = yield* mmu_invlock_write_needs_retry(invlock, st)
      const entry: pte | null = useless ? null : yield* read_present_pte(mm, addr)
      yield* spin_lock(lock)
      const retry = mn_invlock_end_write_and_unlock(invlock, st)
      if (!retry && ret === 0 && entry) yield* device_map(gpu, addr, entry.pfn, entry.write)
      spin_unlock(lock)
      if (!retry) return ret === 0 && !entry ? -EFAULT : ret
    }
  },
)

// ---- notifier callbacks ------------------------------------------------------------------------------------

/** Counts every pass; what it has counted and refuses then it takes back itself (000:6920-6921). */
export const invlock_gpu_invalidate_range_start = symbol(
  'invlock_gpu_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const driver = container_of<invlock_gpu>(mn)
    const interesting = range.start < aperturePages
    yield* spin_lock(driver.lock)
    mmu_invlock_inv_start(driver.invlock, interesting)
    spin_unlock(driver.lock)
    if (!interesting || (yield* drop_entries(driver, range))) return 0
    yield* spin_lock(driver.lock)
    mmu_invlock_inv_end(driver.invlock)
    spin_unlock(driver.lock)
    return -EAGAIN
  },
)

/** No job runs while the GPU's entries go. False if one does and the pass must not wait for it. The model's own. */
export function* drop_entries(
  { lock, job, gpu }: invlock_gpu,
  range: mmu_notifier_range,
): Task<boolean> {
  if (mmu_notifier_range_blockable(range)) yield* mutex_lock(job)
  else if (!(yield* mutex_trylock(job))) return false
  yield* spin_lock(lock)
  yield* device_unmap(gpu, range.start, range.end)
  spin_unlock(lock)
  mutex_unlock(job)
  return true
}

/** Every end counts, under the lock of the starts (000:6919-6922). */
export const invlock_gpu_invalidate_range_end = symbol(
  'invlock_gpu_invalidate_range_end',
  function* (mn: mmu_notifier): Task<void> {
    const { lock, invlock } = container_of<invlock_gpu>(mn)
    yield* spin_lock(lock)
    mmu_invlock_inv_end(invlock)
    spin_unlock(lock)
  },
)

/** The device has nothing of an address space that is torn down. The model's own. */
export const invlock_gpu_release = symbol(
  'invlock_gpu_release',
  function* (mn: mmu_notifier): AtomicTask<void> {
    const { lock, gpu } = container_of<invlock_gpu>(mn)
    yield* spin_lock(lock)
    yield* device_unmap(gpu, 0, everyPage)
    spin_unlock(lock)
  },
)

export const invlock_gpu_ops = mmu_notifier_ops({
  release: invlock_gpu_release,
  invalidate_range_start: invlock_gpu_invalidate_range_start,
  invalidate_range_end: invlock_gpu_invalidate_range_end,
})
