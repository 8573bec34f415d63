/**
 * A GPU driver of kernels from 5.5 on: an interval notifier tells it what its device must not use any more, and the
 * notifier's sequence tells a fault that what it has read is stale. Pages outside of its window are none of its
 * business.
 */
import { symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import {
  mmu_interval_notifier_insert,
  mmu_interval_notifier_ops,
  mmu_interval_notifier_remove,
  mmu_interval_read_begin,
  mmu_interval_read_retry,
  mmu_interval_set_seq,
} from '../../spec/headers/interval_notifier'
import {
  down_read,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  up_read,
} from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import { EFAULT } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_interval_notifier,
  mmu_notifier_range,
  mutex,
  pte,
} from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { mmu_interval_notifier_struct } from '../mm/interval_notifier'
import { mmu_notifier_range_blockable } from '../mm/mmu_notifier'
import { read_present_pte } from '../mm/pgtable'

/** `mutex` protects the device's entries, and the notifier's sequence for its readers. */
export interface interval_gpu {
  readonly mm: mm_struct
  readonly mutex: mutex
  readonly notifier: mmu_interval_notifier
  readonly gpu: TranslatingDevice
}

/** Pages that the device can use, from the first one on: the passes over others do not concern it. */
export const windowPages = 2

const interval_gpu_struct = struct('interval_gpu', (): interval_gpu => ({
  mm: null as never,
  mutex: mutex_struct({ name: 'interval_gpu.mutex' }),
  notifier: mmu_interval_notifier_struct(),
  gpu: null as never,
}))

/** Everything is there before the first callback can come. The model's own. */
export const interval_gpu_open = symbol(
  'interval_gpu_open',
  function* (mm: mm_struct, name: string): Task<interval_gpu | null> {
    const driver = interval_gpu_struct({ mm, gpu: translatingDevice(name, mm) })
    yield* kmalloc(driver, GFP_KERNEL)
    driver.notifier.ops = interval_gpu_ops
    if ((yield* mmu_interval_notifier_insert(driver.notifier, mm, 0, windowPages)) === 0)
      return driver
    yield* kfree(driver)
    return null
  },
)

/** The device has nothing left when its driver stops hearing of changes. The model's own. */
export const interval_gpu_close = symbol(
  'interval_gpu_close',
  function* (driver: interval_gpu): Task<void> {
    yield* mutex_lock(driver.mutex)
    yield* device_unmap(driver.gpu, 0, windowPages)
    mutex_unlock(driver.mutex)
    yield* mmu_interval_notifier_remove(driver.notifier)
    yield* kfree(driver)
  },
)

/** Lets the GPU use one page. 0 or -errno. The model's own. */
export const interval_gpu_fault = symbol(
  'interval_gpu_fault',
  function* (driver: interval_gpu, addr: number, write: boolean): Task<number> {
    if (addr >= windowPages || !(yield* mmget_not_zero(driver.mm))) return -EFAULT
    const ret = yield* interval_gpu_map(driver, addr, write)
    yield* mmput(driver.mm)
    return ret
  },
)

/** Reads until nothing collided, and publishes under the lock of the test (000:6283-6297). */
export const interval_gpu_map = symbol(
  'interval_gpu_map',
  function* (
    { mm, mutex, notifier, gpu }: interval_gpu,
    addr: number,
    write: boolean,
  ): Task<number> {
    for (;;) {
      const seq = yield* mmu_interval_read_begin(notifier)
      yield* down_read(mm.mmap_sem)
      const ret = yield* handle_mm_fault(mm, addr, write)
      const entry: pte | null = yield* read_present_pte(mm, addr)
      up_read(mm.mmap_sem)
      yield* mutex_lock(mutex)
      const retry = mmu_interval_read_retry(notifier, seq)
      if (!retry && ret === 0 && entry) yield* device_map(gpu, addr, entry.pfn, entry.write)
      mutex_unlock(mutex)
      if (!retry) return ret === 0 && !entry ? -EFAULT : ret
    }
  },
)

/** Whether nothing collided with one reading, of which nothing is published. The model's own. */
export const interval_gpu_peek = symbol(
  'interval_gpu_peek',
  function* ({ mutex, notifier }: interval_gpu): Task<boolean> {
    const seq = yield* mmu_interval_read_begin(notifier)
    yield* mutex_lock(mutex)
    const retry = mmu_interval_read_retry(notifier, seq)
    mutex_unlock(mutex)
    return !retry
  },
)

/** Readers first: whoever gets the mutex behind us must see that it has to read again (000:6245-6246). */
export const interval_gpu_invalidate = symbol(
  'interval_gpu_invalidate',
  function* (
    sub: mmu_interval_notifier,
    range: mmu_notifier_range,
    cur_seq: number,
  ): Task<boolean> {
    const { mutex, gpu } = container_of<interval_gpu>(sub)
    if (mmu_notifier_range_blockable(range)) yield* mutex_lock(mutex)
    else if (!(yield* mutex_trylock(mutex))) return false
    mmu_interval_set_seq(sub, cur_seq)
    yield* device_unmap(gpu, range.start, range.end)
    mutex_unlock(mutex)
    return true
  },
)

const interval_gpu_ops = mmu_interval_notifier_ops({ invalidate: interval_gpu_invalidate })
