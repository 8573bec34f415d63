/**
 * A NIC driver that faults on demand without HMM: the notifier that may block (B of 004:32-55).
 *
 * The document's sketch protects its counter by two different locks and refuses even callers that may
 * block; here one spinlock protects it, and the mutex is tried only where waiting is forbidden.
 */
import { symbol } from '../../engine/symbol'
import { point, type Task } from '../../engine/task'
import {
  down_read,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  up_read,
} from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { wake_up_all } from '../../spec/headers/sched'
import { EAGAIN, EFAULT } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  mutex,
  spinlock_t,
  wait_queue_head,
} from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { everyPage } from '../hardware/memory'
import { READ_ONCE } from '../kernel/access'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { wait_event, wait_queue } from '../kernel/wait'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from '../mm/mmu_notifier'
import { read_present_pte } from '../mm/pgtable'

/** `umem_mutex` protects the device's entries, `counter_lock` the count and the sequence. */
export interface odp {
  readonly mm: mm_struct
  readonly umem_mutex: mutex
  readonly counter_lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
  readonly nic: TranslatingDevice
  readonly wq: wait_queue_head
  notifiers_count: number
  notifiers_seq: number
}

export const odp_struct = struct('odp', (): odp => ({
  mm: null as never,
  umem_mutex: mutex_struct({ name: 'odp.umem_mutex' }),
  counter_lock: spinlock({ name: 'odp.counter_lock' }),
  mmu_notifier: mmu_notifier_struct(),
  nic: null as never,
  wq: wait_queue({ name: 'odp.wq' }),
  notifiers_count: 0,
  notifiers_seq: 0,
}))

/**
 * Memory that the NIC uses as the process has it; null if its notifier cannot be registered
 * (004:74-75).
 */
export const odp_init = symbol(
  'odp_init',
  function* (mm: mm_struct, name: string): Task<odp | null> {
    const odp = odp_struct({ mm, nic: translatingDevice(name, mm) })
    yield* kmalloc(odp, GFP_KERNEL)
    odp.mmu_notifier.ops = odp_mmu_notifier_ops
    odp.mmu_notifier.may_refuse = true
    if ((yield* mmu_notifier_register(odp.mmu_notifier, mm)) === 0) return odp
    yield* kfree(odp)
    return null
  },
)

/**
 * The memory is the process's alone when no callback can run any more. Linux's own
 * (drivers/infiniband/core/umem_odp.c).
 */
export const odp_release_umem = symbol('odp_release_umem', function* (odp: odp): Task<void> {
  yield* mmu_notifier_unregister(odp.mmu_notifier, odp.mm)
  yield* kfree(odp)
})

/** Lets the NIC use one page. 0 or -errno (000:4501-4504). */
export const odp_fault = symbol(
  'odp_fault',
  function* (odp: odp, addr: number, write: boolean): Task<number> {
    const { mm } = odp
    if (!(yield* mmget_not_zero(mm))) return -EFAULT
    const ret = yield* map_page(odp, addr, write)
    yield* mmput(mm)
    return ret
  },
)

/** Reads the CPU's entry and gives it to the NIC, again and again until nothing met it (000:4501-4504). */
export const map_page = symbol(
  'map_page',
  function* (odp: odp, addr: number, write: boolean): Task<number> {
    const { mm } = odp
    for (;;) {
      yield* point('read notifiers_seq')
      const seq = READ_ONCE(() => odp.notifiers_seq)
      yield* down_read(mm.mmap_sem)
      const ret = yield* handle_mm_fault(mm, addr, write)
      const entry = yield* read_present_pte(mm, addr)
      up_read(mm.mmap_sem)
      if (ret) return ret
      yield* mutex_lock(odp.umem_mutex)
      yield* spin_lock(odp.counter_lock)
      const collided = odp.notifiers_count > 0 || odp.notifiers_seq !== seq
      spin_unlock(odp.counter_lock)
      if (!collided && entry) yield* device_map(odp.nic, addr, entry.pfn, entry.write)
      mutex_unlock(odp.umem_mutex)
      if (!collided && entry) return 0
      yield* wait_event(odp.wq, () => odp.notifiers_count === 0)
    }
  },
)

// ---- notifier callbacks ------------------------------------------------------------------------------------

/**
 * Counts the pass and drops the NIC's entries. Refuses where it would have to wait and may not
 * (004:46-50).
 */
export const odp_invalidate_range_start = symbol(
  'odp_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const odp = container_of<odp>(mn)
    if (mmu_notifier_range_blockable(range)) yield* mutex_lock(odp.umem_mutex)
    else if (!(yield* mutex_trylock(odp.umem_mutex))) return -EAGAIN
    yield* spin_lock(odp.counter_lock)
    odp.notifiers_count++
    spin_unlock(odp.counter_lock)
    yield* device_unmap(odp.nic, range.start, range.end)
    mutex_unlock(odp.umem_mutex)
    return 0
  },
)

/** Takes no lock that sleeps: the end of a pass that must not block runs here too (004:52-55). */
export const odp_invalidate_range_end = symbol(
  'odp_invalidate_range_end',
  function* (mn: mmu_notifier): Task<void> {
    const odp = container_of<odp>(mn)
    yield* spin_lock(odp.counter_lock)
    odp.notifiers_seq++
    odp.notifiers_count--
    if (odp.notifiers_count === 0) wake_up_all(odp.wq)
    spin_unlock(odp.counter_lock)
  },
)

/**
 * The address space ends: the NIC keeps nothing of it. Linux's own
 * (drivers/infiniband/core/umem_odp.c).
 */
export const odp_release = symbol('odp_release', function* (mn: mmu_notifier): Task<void> {
  const odp = container_of<odp>(mn)
  yield* mutex_lock(odp.umem_mutex)
  yield* device_unmap(odp.nic, 0, everyPage)
  mutex_unlock(odp.umem_mutex)
})

const odp_mmu_notifier_ops = mmu_notifier_ops({
  release: odp_release,
  invalidate_range_start: odp_invalidate_range_start,
  invalidate_range_end: odp_invalidate_range_end,
})
