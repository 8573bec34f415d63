/**
 * A GPU driver without HMM, as the helpers' author wanted drivers to look (000:6814-6835): what a fault has read is
 * published under the lock of the callbacks, unless an invalidation has collided with it. Coherent at any time;
 * pages outside of its aperture are none of its business.
 */
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import {
  mm_invlock_start_write_and_lock,
  mmu_invlock_inv_end,
  mmu_invlock_inv_start,
  mn_invlock_end_write_and_unlock,
  type mmu_invlock,
} from '../../spec/headers/mmu_invlock'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { EFAULT } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  pte,
  spinlock_t,
} from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { everyPage } from '../hardware/memory'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { MMU_INVLOCK_STATE_INIT, mmu_invlock_struct } from '../mm/mmu_invlock'
import { mmu_notifier_struct } from '../mm/mmu_notifier'
import { read_pte } from '../mm/pgtable'

/** `lock` protects the device's entries and the count of invalidations. */
export interface invlock_gpu {
  readonly mm: mm_struct
  readonly lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
  readonly invlock: mmu_invlock
  readonly gpu: TranslatingDevice
}

/** Pages that the device can use: the others are not interesting. */
export const aperturePages = 1

const invlock_gpu_struct = struct('invlock_gpu', (): invlock_gpu => ({
  mm: null as never,
  lock: spinlock({ name: 'invlock_gpu.lock' }),
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
    if ((yield* mmu_notifier_register(driver.mmu_notifier, mm)) === 0) return driver
    yield* kfree(driver)
    return null
  },
)

export const invlock_gpu_close = symbol(
  'invlock_gpu_close',
  function* (driver: invlock_gpu): Task<void> {
    yield* mmu_notifier_unregister(driver.mmu_notifier, driver.mm)
    yield* kfree(driver)
  },
)

/** Lets the GPU use one page. 0 or -errno. The address space is kept while the helpers use it. */
export const invlock_gpu_fault = symbol(
  'invlock_gpu_fault',
  function* (driver: invlock_gpu, addr: number, write: boolean): Task<number> {
    if (addr >= aperturePages || !(yield* mmget_not_zero(driver.mm))) return -EFAULT
    const ret = yield* invlock_gpu_map(driver, addr, write)
    yield* mmput(driver.mm)
    return ret
  },
)

export const invlock_gpu_map = symbol(
  'invlock_gpu_map',
  function* ({ mm, lock, invlock, gpu }: invlock_gpu, addr: number, write: boolean): Task<number> {
    const st = MMU_INVLOCK_STATE_INIT()
    for (;;) {
      yield* mm_invlock_start_write_and_lock(invlock, st)
      const ret = yield* handle_mm_fault(mm, addr, write)
      const entry: pte | null = yield* read_pte(mm, addr)
      yield* spin_lock(lock)
      const retry = mn_invlock_end_write_and_unlock(invlock, st)
      if (!retry && ret === 0 && entry) yield* device_map(gpu, addr, entry.pfn, entry.write)
      spin_unlock(lock)
      if (!retry) return ret === 0 && !entry ? -EFAULT : ret
    }
  },
)

// ---- notifier callbacks ------------------------------------------------------------------------------------

export const invlock_gpu_invalidate_range_start = symbol(
  'invlock_gpu_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const { lock, invlock, gpu } = container_of<invlock_gpu>(mn)
    const interesting = range.start < aperturePages
    yield* spin_lock(lock)
    mmu_invlock_inv_start(invlock, interesting)
    if (interesting) yield* device_unmap(gpu, range.start, range.end)
    spin_unlock(lock)
    return 0
  },
)

export const invlock_gpu_invalidate_range_end = symbol(
  'invlock_gpu_invalidate_range_end',
  function* (mn: mmu_notifier): Task<void> {
    const { lock, invlock } = container_of<invlock_gpu>(mn)
    yield* spin_lock(lock)
    mmu_invlock_inv_end(invlock)
    spin_unlock(lock)
  },
)

export const invlock_gpu_release = symbol(
  'invlock_gpu_release',
  function* (mn: mmu_notifier): AtomicTask<void> {
    const { lock, gpu } = container_of<invlock_gpu>(mn)
    yield* spin_lock(lock)
    yield* device_unmap(gpu, 0, everyPage)
    spin_unlock(lock)
  },
)

const invlock_gpu_ops = mmu_notifier_ops({
  release: invlock_gpu_release,
  invalidate_range_start: invlock_gpu_invalidate_range_start,
  invalidate_range_end: invlock_gpu_invalidate_range_end,
})
