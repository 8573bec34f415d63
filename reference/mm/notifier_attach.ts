/**
 * State that a driver has of one address space, owned by the notifier core: whoever attaches with the same
 * ops to the same mm shares one struct, and nobody but the core knows of its grace period (000:6595-6607).
 *
 * The document has a sketch: what an attach meets that comes while the last detach is under way, and what it
 * does without memory, are told as for struct hmm. Where the sketch gives a size, the driver gives a function.
 */
import { define, symbol } from '../../engine/symbol'
import type { AtomicTask, Ops, Task } from '../../spec/headers/seam'
import {
  down_write,
  kref_get_unless_zero,
  kref_put,
  spin_lock,
  spin_unlock,
  up_write,
} from '../../spec/headers/locking'
import { kfree, kmalloc } from '../../spec/headers/mm'
import {
  __mmu_notifier_register,
  mmu_notifier_attach_mm,
  mmu_notifier_call_srcu,
  mmu_notifier_detach_mm,
  mmu_notifier_unregister_no_release,
  type mmu_notifier_ops_decl,
} from '../../spec/headers/mmu_notifier'
import type {
  kref,
  mm_struct,
  mmu_notifier,
  notifier_priv,
  rcu_head,
} from '../../spec/headers/types'
import { kref_struct } from '../kernel/kref'
import { GFP_KERNEL, container_of } from '../kernel/slab'
import { rcu_head_struct } from '../kernel/srcu'
import { mmu_notifier_struct, notifiers_from } from './mmu_notifier'

/** What a driver's struct begins with, to be spread into its fields. */
export const notifier_priv_fields = (): notifier_priv => ({
  mmu_notifier: mmu_notifier_struct(),
  mm: null as never,
  kref: kref_struct(),
  rcu: rcu_head_struct(),
})

/** The driver's struct, for a callback on its notifier (000:6599-6600). */
export function mmu_notifier_priv<T extends notifier_priv>(mn: mmu_notifier): T {
  return container_of<T>(mn)
}

/** One at a time for an mm: two that find nothing would make two. */
define(mmu_notifier_attach_mm, function* (ops, mm, alloc) {
  yield* down_write(mm.mmap_sem)
  const priv = (yield* find_attached(ops, mm)) ?? (yield* attach_fresh(ops, mm, alloc))
  up_write(mm.mmap_sem)
  return priv
})

/** May be called where nothing sleeps: who has to wait for callbacks is the memory. */
define(mmu_notifier_detach_mm, function* (priv) {
  yield* kref_put(priv.kref, unlink_attached)
})

/**
 * What is attached, with a reference. On the list it is memory; when its references are gone it is
 * not found (000:6604, 000:6606-6607).
 */
export const find_attached = symbol(
  'find_attached',
  function* (ops: Ops<mmu_notifier_ops_decl>, mm: mm_struct): AtomicTask<notifier_priv | null> {
    const list = mm.mmu_notifier_mm
    if (!list) return null
    yield* spin_lock(list.lock)
    let found: notifier_priv | null = null
    for (const mn of notifiers_from(list.first)) {
      const priv = mn.ops === ops ? mmu_notifier_priv(mn) : null
      if (!priv || !(yield* kref_get_unless_zero(priv.kref))) continue
      found = priv
      break
    }
    spin_unlock(list.lock)
    return found
  },
)

/** The caller holds mmap_sem for writing, and has found nothing (000:6604). */
export const attach_fresh = symbol(
  'attach_fresh',
  function* (
    ops: Ops<mmu_notifier_ops_decl>,
    mm: mm_struct,
    alloc: () => notifier_priv,
  ): Task<notifier_priv | null> {
    const priv = alloc()
    yield* kmalloc(priv, GFP_KERNEL)
    priv.mm = mm
    priv.mmu_notifier.ops = ops
    if ((yield* __mmu_notifier_register(priv.mmu_notifier, mm)) === 0) return priv
    yield* kfree(priv)
    return null
  },
)

/**
 * The last reference is gone: out of the list, and freed when no reader can stand on it (000:6605).
 */
export const unlink_attached = symbol('unlink_attached', function* (kref: kref): AtomicTask<void> {
  const priv = container_of<notifier_priv>(kref)
  yield* mmu_notifier_unregister_no_release(priv.mmu_notifier, priv.mm)
  priv.rcu.func = free_attached
  mmu_notifier_call_srcu(priv.rcu)
})

/** Runs after the grace period, in atomic context (000:6605). */
export const free_attached = symbol('free_attached', function* (rcu: rcu_head): AtomicTask<void> {
  yield* kfree(container_of<notifier_priv>(rcu))
})
