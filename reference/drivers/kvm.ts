/**
 * A hypervisor that shadows an address space without HMM: the notifier that counts and never blocks
 * (A of 004:32-55). A fault that met an invalidation is noticed by a count and a sequence (000:6807-6809).
 */
import { symbol } from '../../engine/symbol'
import { point, spinUntil, type AtomicTask, type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import { handle_mm_fault, kfree, kmalloc, mmget_not_zero, mmput } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  spinlock_t,
} from '../../spec/headers/types'
import { EFAULT } from '../../spec/headers/types'
import {
  device_map,
  device_unmap,
  translatingDevice,
  type TranslatingDevice,
} from '../devices/translating-device'
import { everyPage } from '../hardware/memory'
import { READ_ONCE } from '../kernel/access'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { mmu_notifier_struct } from '../mm/mmu_notifier'
import { read_present_pte } from '../mm/pgtable'

/** `mmu_lock` protects the count, the sequence and the shadow entries. */
export interface kvm {
  readonly mm: mm_struct
  readonly mmu_lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
  readonly vcpu: TranslatingDevice
  /** Invalidations that are open. */
  mmu_notifier_count: number
  /** Invalidations that are over. */
  mmu_notifier_seq: number
  /** Pages that the guest was let use since somebody asked. */
  readonly young: Set<number>
}

const kvm_struct = struct('kvm', (): kvm => ({
  mm: null as never,
  mmu_lock: spinlock({ name: 'kvm.mmu_lock' }),
  mmu_notifier: mmu_notifier_struct(),
  vcpu: null as never,
  mmu_notifier_count: 0,
  mmu_notifier_seq: 0,
  young: new Set(),
}))

/**
 * A guest that shares the process's memory; null if its notifier cannot be registered
 * (002:4256-4257).
 */
export const kvm_create_vm = symbol(
  'kvm_create_vm',
  function* (mm: mm_struct, name: string): Task<kvm | null> {
    const kvm = kvm_struct({ mm, vcpu: translatingDevice(name, mm) })
    yield* kmalloc(kvm, GFP_KERNEL)
    kvm.mmu_notifier.ops = kvm_mmu_notifier_ops
    if ((yield* mmu_notifier_register(kvm.mmu_notifier, mm)) === 0) return kvm
    yield* kfree(kvm)
    return null
  },
)

/** The guest is gone when no callback can run any more. Linux's own (virt/kvm/kvm_main.c). */
export const kvm_destroy_vm = symbol('kvm_destroy_vm', function* (kvm: kvm): Task<void> {
  yield* mmu_notifier_unregister(kvm.mmu_notifier, kvm.mm)
  yield* kfree(kvm)
})

/** Lets the guest use one page. 0 or -errno. Linux's own (arch/x86/kvm/mmu.c). */
export const kvm_fault = symbol(
  'kvm_fault',
  function* (kvm: kvm, addr: number, write: boolean): Task<number> {
    const { mm } = kvm
    if (!(yield* mmget_not_zero(mm))) return -EFAULT
    const ret = yield* shadow_page(kvm, addr, write)
    yield* mmput(mm)
    return ret
  },
)

/** Reads the CPU's entry and shadows it, again and again until nothing met it (000:6807-6809). */
export const shadow_page = symbol(
  'shadow_page',
  function* (kvm: kvm, addr: number, write: boolean): Task<number> {
    const { mm } = kvm
    for (;;) {
      yield* point('read mmu_notifier_seq')
      const seq = READ_ONCE(() => kvm.mmu_notifier_seq)
      yield* down_read(mm.mmap_sem)
      const ret = yield* handle_mm_fault(mm, addr, write)
      const entry = yield* read_present_pte(mm, addr)
      up_read(mm.mmap_sem)
      if (ret) return ret
      yield* spin_lock(kvm.mmu_lock)
      const collided = kvm.mmu_notifier_count > 0 || kvm.mmu_notifier_seq !== seq
      if (!collided && entry) {
        yield* device_map(kvm.vcpu, addr, entry.pfn, entry.write)
        kvm.young.add(addr)
      }
      spin_unlock(kvm.mmu_lock)
      if (!collided && entry) return 0
      yield* spinUntil(
        'mmu_notifier_count is 0',
        undefined,
        () => kvm.mmu_notifier_count === 0,
        () => [],
      )
    }
  },
)

// ---- notifier callbacks ------------------------------------------------------------------------------------

/** Counts the pass and drops the guest's entries. Has no blocking (004:34-37). */
export const kvm_mmu_notifier_invalidate_range_start = symbol(
  'kvm_mmu_notifier_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    kvm.mmu_notifier_count++
    yield* device_unmap(kvm.vcpu, range.start, range.end)
    spin_unlock(kvm.mmu_lock)
    return 0
  },
)

/** Takes the pass back: a fault that it met tries again (004:39-42). */
export const kvm_mmu_notifier_invalidate_range_end = symbol(
  'kvm_mmu_notifier_invalidate_range_end',
  function* (mn: mmu_notifier): Task<void> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    kvm.mmu_notifier_seq++
    kvm.mmu_notifier_count--
    spin_unlock(kvm.mmu_lock)
  },
)

/** The address space ends: the guest keeps nothing of it. Linux's own (virt/kvm/kvm_main.c). */
export const kvm_mmu_notifier_release = symbol(
  'kvm_mmu_notifier_release',
  function* (mn: mmu_notifier): Task<void> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    kvm.mmu_notifier_seq++
    yield* device_unmap(kvm.vcpu, 0, everyPage)
    spin_unlock(kvm.mmu_lock)
  },
)

/** The entry changes under the page-table lock: the guest faults for the new one (002:1762-1763). */
export const kvm_mmu_notifier_change_pte = symbol(
  'kvm_mmu_notifier_change_pte',
  function* (mn: mmu_notifier, _mm: mm_struct, address: number): AtomicTask<void> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    yield* device_unmap(kvm.vcpu, address, address + 1)
    spin_unlock(kvm.mmu_lock)
  },
)

/** Forgets that pages were used, and makes the guest fault to use them again (002:1762-1765). */
export const kvm_mmu_notifier_clear_flush_young = symbol(
  'kvm_mmu_notifier_clear_flush_young',
  function* (mn: mmu_notifier, _mm: mm_struct, start: number, end: number): AtomicTask<boolean> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    const young = forget_young(kvm, start, end)
    if (young) yield* device_unmap(kvm.vcpu, start, end)
    spin_unlock(kvm.mmu_lock)
    return young
  },
)

/** Forgets that pages were used; the guest goes on using them (002:1762-1765). */
export const kvm_mmu_notifier_clear_young = symbol(
  'kvm_mmu_notifier_clear_young',
  function* (mn: mmu_notifier, _mm: mm_struct, start: number, end: number): AtomicTask<boolean> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    const young = forget_young(kvm, start, end)
    spin_unlock(kvm.mmu_lock)
    return young
  },
)

/** Whether the guest has used a page (002:1762-1765). */
export const kvm_mmu_notifier_test_young = symbol(
  'kvm_mmu_notifier_test_young',
  function* (mn: mmu_notifier, _mm: mm_struct, address: number): AtomicTask<boolean> {
    const kvm = container_of<kvm>(mn)
    yield* spin_lock(kvm.mmu_lock)
    const young = kvm.young.has(address)
    spin_unlock(kvm.mmu_lock)
    return young
  },
)

/** Whether any page of [start, end) was used; none of them counts as used any more. */
function forget_young(kvm: kvm, start: number, end: number): boolean {
  const used = [...kvm.young].filter((page) => start <= page && page < end)
  for (const page of used) kvm.young.delete(page)
  return used.length > 0
}

const kvm_mmu_notifier_ops = mmu_notifier_ops({
  release: kvm_mmu_notifier_release,
  invalidate_range_start: kvm_mmu_notifier_invalidate_range_start,
  invalidate_range_end: kvm_mmu_notifier_invalidate_range_end,
  change_pte: kvm_mmu_notifier_change_pte,
  clear_flush_young: kvm_mmu_notifier_clear_flush_young,
  clear_young: kvm_mmu_notifier_clear_young,
  test_young: kvm_mmu_notifier_test_young,
})
