/**
 * A GPU driver that mirrors an address space through HMM, in the pattern of nouveau (000:3948-3976,
 * 003:2): faults collect entries in a range, and publish them only under the lock that the
 * invalidation callback takes.
 *
 * Where it differs: every path unregisters its range, a retry drops all locks, and release really
 * drops the device's translations.
 */
import { symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import {
  hmm_mirror_ops,
  hmm_mirror_register,
  hmm_mirror_unregister,
  hmm_range_fault,
  hmm_range_register,
  hmm_range_unregister,
  hmm_range_valid,
  hmm_range_wait_until_valid,
} from '../../spec/headers/hmm'
import {
  down_read,
  down_write,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  up_read,
  up_write,
} from '../../spec/headers/locking'
import { kfree, kmalloc, vm_munmap } from '../../spec/headers/mm'
import {
  EAGAIN,
  EBUSY,
  HMM_PFN_SHIFT,
  HMM_PFN_VALID,
  HMM_PFN_WRITE,
} from '../../spec/headers/types'
import type { hmm_mirror, hmm_range, hmm_update, mm_struct, mutex } from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { everyPage } from '../hardware/memory'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { hmm_range_struct } from '../mm/hmm_range'

/** A process's view through the GPU. `mutex` protects the device's page table. */
export interface nouveau_svmm {
  readonly mm: mm_struct
  readonly mutex: mutex
  readonly mirror: hmm_mirror
  readonly gpu: TranslatingDevice
}

const waitMilliseconds = 1000

const hmm_mirror_struct = struct('mirror', (): hmm_mirror => ({
  hmm: null,
  ops: nouveau_svmm_mirror_ops,
}))

export const svmm_struct = struct('svmm', (): nouveau_svmm => ({
  mm: null as never,
  mutex: mutex_struct({ name: 'svmm.mutex' }),
  mirror: hmm_mirror_struct(),
  gpu: null as never,
}))

/** Begins to mirror `mm` for the GPU called `name`; null if that is not possible (000:558). */
export const nouveau_svmm_init = symbol(
  'nouveau_svmm_init',
  function* (mm: mm_struct, name: string): Task<nouveau_svmm | null> {
    const svmm = svmm_struct({ mm, gpu: translatingDevice(name, mm) })
    yield* kmalloc(svmm, GFP_KERNEL)
    yield* down_write(mm.mmap_sem)
    const ret = yield* hmm_mirror_register(svmm.mirror, mm)
    up_write(mm.mmap_sem)
    if (ret === 0) return svmm
    yield* kfree(svmm)
    return null
  },
)

/** Stops mirroring. Nobody else uses `svmm` any more (000:966-970). */
export const nouveau_svmm_fini = symbol(
  'nouveau_svmm_fini',
  function* (svmm: nouveau_svmm): Task<void> {
    yield* device_unmap(svmm.gpu, 0, everyPage)
    yield* hmm_mirror_unregister(svmm.mirror)
    yield* kfree(svmm)
  },
)

/** Lets the GPU use one page, as the CPU may use it now. 0 or -errno (003:2). */
export const nouveau_svm_fault = symbol(
  'nouveau_svm_fault',
  function* (svmm: nouveau_svmm, addr: number, write: boolean): Task<number> {
    return yield* fault_span(svmm, addr, addr + 1, write, true)
  },
)

/** Lets the GPU write several pages at once. 0 or -errno. The model's own. */
export const nouveau_svm_prefetch = symbol(
  'nouveau_svm_prefetch',
  function* (svmm: nouveau_svmm, start: number, end: number): Task<number> {
    return yield* fault_span(svmm, start, end, true, true)
  },
)

/**
 * Lets the GPU read several pages, and lets mmap_sem go while one of them comes. 0 or -errno. The
 * model's own.
 */
export const nouveau_svm_readahead = symbol(
  'nouveau_svm_readahead',
  function* (svmm: nouveau_svmm, start: number, end: number): Task<number> {
    return yield* fault_span(svmm, start, end, false, false)
  },
)

/**
 * Uses one range for the whole of a fault, and gives it back on every path (003:2, 000:3948-3976).
 */
export const fault_span = symbol(
  'fault_span',
  function* (
    svmm: nouveau_svmm,
    start: number,
    end: number,
    write: boolean,
    block: boolean,
  ): Task<number> {
    const range = hmm_range_struct({ default_flags: HMM_PFN_VALID | (write ? HMM_PFN_WRITE : 0) })
    yield* kmalloc(range, GFP_KERNEL)
    const ret = yield* hmm_range_register(range, svmm.mirror, start, end)
    if (ret === 0) {
      const done = yield* fault_range(svmm, range, block)
      yield* hmm_range_unregister(range)
      yield* kfree(range)
      return done
    }
    yield* kfree(range)
    return ret
  },
)

/**
 * Repeats until the entries could be published before anything collided with them (003:2,
 * 000:6400-6404).
 */
export const fault_range = symbol(
  'fault_range',
  function* (svmm: nouveau_svmm, range: hmm_range, block: boolean): Task<number> {
    const { mm } = svmm
    for (;;) {
      // Without locks: whoever invalidates may need them to come to its end.
      if (!(yield* hmm_range_wait_until_valid(range, waitMilliseconds))) return -EBUSY
      yield* down_read(mm.mmap_sem)
      const ret = yield* hmm_range_fault(range, block)
      if (ret < 0) {
        if (ret !== -EAGAIN) up_read(mm.mmap_sem) // -EAGAIN: the fault dropped it
        if (ret === -EBUSY || ret === -EAGAIN) continue
        return ret
      }
      yield* mutex_lock(svmm.mutex)
      const valid = hmm_range_valid(range)
      if (valid) yield* publish(svmm, range)
      mutex_unlock(svmm.mutex)
      up_read(mm.mmap_sem)
      if (valid) return 0
    }
  },
)

/**
 * Stores the range's entries into the GPU's page table; the caller holds the lock of the callback
 * (003:2).
 */
export const publish = symbol(
  'publish',
  function* (svmm: nouveau_svmm, range: hmm_range): Task<void> {
    for (const [i, entry] of range.pfns.entries())
      yield* device_map(
        svmm.gpu,
        range.start + i,
        entry >> HMM_PFN_SHIFT,
        (entry & HMM_PFN_WRITE) !== 0,
      )
  },
)

/**
 * Takes [start, end) away from the process, then from the GPU: never with the callback's lock held
 * (000:6500-6508).
 */
export const nouveau_svm_migrate = symbol(
  'nouveau_svm_migrate',
  function* (svmm: nouveau_svmm, start: number, end: number): Task<void> {
    yield* vm_munmap(svmm.mm, start, end)
    yield* mutex_lock(svmm.mutex)
    yield* device_unmap(svmm.gpu, start, end)
    mutex_unlock(svmm.mutex)
  },
)

// ---- mirror callbacks ------------------------------------------------------------------------------------

/**
 * From success on, the GPU does not use the range. Tries the lock where waiting is forbidden
 * (000:2977-2979).
 */
export const nouveau_svmm_sync_cpu_device_pagetables = symbol(
  'nouveau_svmm_sync_cpu_device_pagetables',
  function* (mirror: hmm_mirror, update: hmm_update): Task<number> {
    const svmm = container_of<nouveau_svmm>(mirror)
    if (update.blockable) yield* mutex_lock(svmm.mutex)
    else if (!(yield* mutex_trylock(svmm.mutex))) return -EAGAIN
    yield* device_unmap(svmm.gpu, update.start, update.end)
    mutex_unlock(svmm.mutex)
    return 0
  },
)

/**
 * The address space ends: nothing of it may stay in the GPU, as its pages are freed next. Nouveau's
 * own was empty (000:6691-6692).
 */
export const nouveau_svmm_release = symbol(
  'nouveau_svmm_release',
  function* (mirror: hmm_mirror): Task<void> {
    const svmm = container_of<nouveau_svmm>(mirror)
    yield* mutex_lock(svmm.mutex)
    yield* device_unmap(svmm.gpu, 0, everyPage)
    mutex_unlock(svmm.mutex)
  },
)

const nouveau_svmm_mirror_ops = hmm_mirror_ops({
  release: nouveau_svmm_release,
  sync_cpu_device_pagetables: nouveau_svmm_sync_cpu_device_pagetables,
})
