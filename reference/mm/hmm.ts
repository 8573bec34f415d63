/**
 * HMM: one struct hmm an mm, which hears of invalidations and passes them on to its mirrors.
 *
 * Lifetime: a registered mirror and a registered range hold a reference each; the memory outlives the
 * last of them by an SRCU grace period, because notifier callbacks may still be about to look at it
 * (000:109-133).
 */
import { define, symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { hmm_mirror_register, hmm_mirror_unregister } from '../../spec/headers/hmm'
import {
  down_read,
  down_read_trylock,
  down_write,
  kref_get_unless_zero,
  kref_put,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from '../../spec/headers/locking'
import { list_add_tail, list_del } from '../../spec/headers/list'
import { lockdep_assert_held_exclusive } from '../../spec/headers/lockdep'
import { kfree, kmalloc, mmdrop, mmgrab } from '../../spec/headers/mm'
import {
  __mmu_notifier_register,
  mmu_notifier_call_srcu,
  mmu_notifier_ops,
  mmu_notifier_unregister_no_release,
} from '../../spec/headers/mmu_notifier'
import { wake_up_all } from '../../spec/headers/sched'
import { EAGAIN, EINVAL, ENOMEM, HMM_UPDATE_INVALIDATE } from '../../spec/headers/types'
import type {
  hmm,
  hmm_update,
  kref,
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  rcu_head,
} from '../../spec/headers/types'
import { WARN_ON } from '../kernel/bug'
import { kref_struct } from '../kernel/kref'
import { rwsem } from '../kernel/rwsem'
import { GFP_KERNEL, POISON_INUSE, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { rcu_head_struct } from '../kernel/srcu'
import { wait_queue } from '../kernel/wait'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from './mmu_notifier'

export const hmm_struct = struct('hmm', (): hmm => ({
  mm: null as never,
  kref: kref_struct(),
  // Protects ranges, notifiers and each range's validity; taken without blocking in every context.
  ranges_lock: spinlock({ name: 'ranges_lock' }),
  ranges: [],
  mirrors: [],
  mmu_notifier: mmu_notifier_struct(),
  mirrors_sem: rwsem({ name: 'mirrors_sem' }),
  wq: wait_queue({ name: 'hmm.wq' }),
  rcu: rcu_head_struct(),
  notifiers: 0,
}))

// ---- notifier callbacks ----------------------------------------------------------------------------------

/** Makes intersecting ranges collide, then has every mirror drop its translations (000:3079-3129). */
export const hmm_invalidate_range_start = symbol(
  'hmm_invalidate_range_start',
  function* (mn: mmu_notifier, nrange: mmu_notifier_range): Task<number> {
    const hmm = container_of<hmm>(mn)
    // Nothing registered any more: the memory is here only for us (000:2460-2462).
    if (!(yield* kref_get_unless_zero(hmm.kref))) return 0
    const { start, end } = nrange
    const update = {
      start,
      end,
      event: HMM_UPDATE_INVALIDATE,
      blockable: mmu_notifier_range_blockable(nrange),
    }
    yield* collide_ranges(hmm, update)
    const ret = yield* sync_mirrors(hmm, update)
    if (ret) yield* notifiers_decrement(hmm)
    yield* hmm_put(hmm)
    return ret
  },
)

/** Takes the pass back; at the last one everybody may go on (000:3055-3064). */
export const hmm_invalidate_range_end = symbol(
  'hmm_invalidate_range_end',
  function* (mn: mmu_notifier): Task<void> {
    const hmm = container_of<hmm>(mn)
    if (!(yield* kref_get_unless_zero(hmm.kref))) return
    yield* notifiers_decrement(hmm)
    yield* hmm_put(hmm)
  },
)

/** Tells every mirror that the address space ends; none of them can go away meanwhile (000:1187-1201). */
export const hmm_release = symbol('hmm_release', function* (mn: mmu_notifier): Task<void> {
  const hmm = container_of<hmm>(mn)
  if (!(yield* kref_get_unless_zero(hmm.kref))) return
  // A registered range holds a user of the mm, so none is left (000:841-845).
  WARN_ON(hmm.ranges.length > 0, 'hmm_release with a range registered')
  yield* down_read(hmm.mirrors_sem)
  for (const mirror of hmm.mirrors) if (mirror.ops.release) yield* mirror.ops.release(mirror)
  up_read(hmm.mirrors_sem)
  yield* hmm_put(hmm)
})

export const hmm_mmu_notifier_ops = mmu_notifier_ops({
  release: hmm_release,
  invalidate_range_start: hmm_invalidate_range_start,
  invalidate_range_end: hmm_invalidate_range_end,
})

/** Counts the pass and marks the ranges it hits: precise about what is hit (000:6245-6246). */
export const collide_ranges = symbol(
  'collide_ranges',
  function* (hmm: hmm, update: hmm_update): AtomicTask<void> {
    yield* spin_lock(hmm.ranges_lock)
    hmm.notifiers++
    for (const range of hmm.ranges) {
      if (update.end <= range.start || update.start >= range.end) continue
      range.valid = false
      range.collisions++
    }
    spin_unlock(hmm.ranges_lock)
  },
)

/** Has every mirror drop its translations; -EAGAIN if one cannot without blocking (000:3099-3120). */
export const sync_mirrors = symbol(
  'sync_mirrors',
  function* (hmm: hmm, update: hmm_update): Task<number> {
    if (update.blockable) yield* down_read(hmm.mirrors_sem)
    else if (!(yield* down_read_trylock(hmm.mirrors_sem))) return -EAGAIN
    const ret = yield* tell_mirrors(hmm, update)
    up_read(hmm.mirrors_sem)
    return ret
  },
)

/**
 * Calls each mirror; the first that legally refuses ends the round. The caller holds mirrors_sem
 * (000:3106-3119).
 */
export const tell_mirrors = symbol(
  'tell_mirrors',
  function* (hmm: hmm, update: hmm_update): Task<number> {
    for (const mirror of hmm.mirrors) {
      const rc = yield* mirror.ops.sync_cpu_device_pagetables!(mirror, update)
      if (rc === 0) continue
      if (!WARN_ON(update.blockable || rc !== -EAGAIN, `sync_cpu_device_pagetables returned ${rc}`))
        return -EAGAIN
    }
    return 0
  },
)

/**
 * One pass less; when none is left every range is quiescent again, then waiters wake
 * (000:3050-3064).
 */
export const notifiers_decrement = symbol(
  'notifiers_decrement',
  function* (hmm: hmm): AtomicTask<void> {
    yield* spin_lock(hmm.ranges_lock)
    hmm.notifiers--
    if (hmm.notifiers === 0) {
      for (const range of hmm.ranges) range.valid = true
      wake_up_all(hmm.wq)
    }
    spin_unlock(hmm.ranges_lock)
  },
)

// ---- lifetime ----------------------------------------------------------------------------------------------

/** The mm's hmm, with a reference; made if there is none that lives (000:7503-7545). */
export const hmm_get_or_create = symbol(
  'hmm_get_or_create',
  function* (mm: mm_struct): Task<hmm | null> {
    const existing = yield* mm_get_hmm(mm)
    if (existing) return existing
    const hmm = hmm_struct({ mm })
    yield* kmalloc(hmm, GFP_KERNEL)
    hmm.mmu_notifier.ops = hmm_mmu_notifier_ops
    hmm.mmu_notifier.may_refuse = true
    if (yield* __mmu_notifier_register(hmm.mmu_notifier, mm)) {
      yield* kfree(hmm)
      return null
    }
    yield* mmgrab(mm)
    // A dying hmm may stand here: it clears the field only if the field is still its own.
    yield* spin_lock(mm.page_table_lock)
    mm.hmm = hmm
    spin_unlock(mm.page_table_lock)
    return hmm
  },
)

/** Reads and references mm->hmm in one section with its clearing (000:7513-7528). */
export const mm_get_hmm = symbol('mm_get_hmm', function* (mm: mm_struct): AtomicTask<hmm | null> {
  yield* spin_lock(mm.page_table_lock)
  const hmm = mm.hmm
  const got = hmm !== null && (yield* kref_get_unless_zero(hmm.kref))
  spin_unlock(mm.page_table_lock)
  return got ? hmm : null
})

/** Gives a reference back; the last one frees (000:462-465). */
export const hmm_put = symbol('hmm_put', function* (hmm: hmm): AtomicTask<void> {
  yield* kref_put(hmm.kref, hmm_free)
})

/**
 * The last reference is gone: out of the list, and freed when no reader can stand on it
 * (000:630-645).
 */
export const hmm_free = symbol('hmm_free', function* (kref: kref): AtomicTask<void> {
  const hmm = container_of<hmm>(kref)
  yield* mmu_notifier_unregister_no_release(hmm.mmu_notifier, hmm.mm)
  hmm.rcu.func = hmm_free_rcu
  mmu_notifier_call_srcu(hmm.rcu)
})

/** Runs after the grace period, in atomic context; the mm is dropped after its last use (000:7552-7563). */
export const hmm_free_rcu = symbol('hmm_free_rcu', function* (rcu: rcu_head): AtomicTask<void> {
  const hmm = container_of<hmm>(rcu)
  const mm = hmm.mm
  yield* spin_lock(mm.page_table_lock)
  if (mm.hmm === hmm) mm.hmm = null
  spin_unlock(mm.page_table_lock)
  yield* mmdrop(mm)
  yield* kfree(hmm)
})

// ---- mirrors -------------------------------------------------------------------------------------------------

/** Tested before asserted: an mm that is not there has no lock to look at (000:938-942). */
define(hmm_mirror_register, function* (mirror, mm) {
  if (!mm || !mirror || !mirror.ops) return -EINVAL
  lockdep_assert_held_exclusive(mm.mmap_sem)
  const hmm = yield* hmm_get_or_create(mm)
  if (!hmm) return -ENOMEM
  mirror.hmm = hmm
  yield* down_write(hmm.mirrors_sem)
  list_add_tail(hmm.mirrors, mirror)
  up_write(hmm.mirrors_sem)
  return 0
})

/** When the list's lock was held for writing no op of the mirror runs, and none will (000:966-999). */
define(hmm_mirror_unregister, function* (mirror) {
  const hmm = mirror.hmm!
  yield* down_write(hmm.mirrors_sem)
  list_del(hmm.mirrors, mirror)
  up_write(hmm.mirrors_sem)
  yield* hmm_put(hmm)
  mirror.hmm = POISON_INUSE
})
