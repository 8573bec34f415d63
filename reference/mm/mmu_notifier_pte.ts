/**
 * What notifiers are told of single entries, under the page-table lock: nothing here sleeps.
 *
 * A notifier with a secondary TLB has `invalidate_range`; one that shadows entries may have `change_pte`
 * and the young ops. Whoever lacks an op is not called (002:1762-1765).
 */
import { define } from '../../engine/symbol'
import { type AtomicTask } from '../../engine/task'
import { srcu_read_lock, srcu_read_unlock } from '../../spec/headers/locking'
import {
  mmu_notifier_change_pte,
  mmu_notifier_clear_flush_young,
  mmu_notifier_clear_young,
  mmu_notifier_invalidate_range,
  mmu_notifier_test_young,
} from '../../spec/headers/mmu_notifier'
import type { mm_struct, mmu_notifier } from '../../spec/headers/types'
import { first_notifier, mmu_notifier_srcu, next_notifier, notifiers_from } from './mmu_notifier'

/**
 * Between the clearing of an entry and the setting of the next one (001:372-382). Where no notifier has a
 * secondary TLB this is no step (001:368-376).
 */
define(mmu_notifier_invalidate_range, function* (mm, start, end) {
  if (!has_secondary_tlb(mm)) return
  yield* any_notifier(mm, function* (mn) {
    if (mn.ops.invalidate_range) yield* mn.ops.invalidate_range(mn, mm, start, end)
    return false
  })
})

/** Between the clearing of an entry and the setting of this one (002:464). */
define(mmu_notifier_change_pte, function* (mm, address, pfn, write) {
  yield* any_notifier(mm, function* (mn) {
    if (mn.ops.change_pte) yield* mn.ops.change_pte(mn, mm, address, pfn, write)
    return false
  })
})

/** Every notifier is asked, whatever the others answered: each has something to forget (002:1762-1763). */
define(mmu_notifier_clear_flush_young, function* (mm, start, end) {
  return yield* any_notifier(mm, function* (mn) {
    return mn.ops.clear_flush_young ? yield* mn.ops.clear_flush_young(mn, mm, start, end) : false
  })
})

define(mmu_notifier_clear_young, function* (mm, start, end) {
  return yield* any_notifier(mm, function* (mn) {
    return mn.ops.clear_young ? yield* mn.ops.clear_young(mn, mm, start, end) : false
  })
})

/** Nothing is forgotten, so the first that says yes is enough (002:1762-1765). */
define(mmu_notifier_test_young, function* (mm, address) {
  const ask = function* (mn: mmu_notifier): AtomicTask<boolean> {
    return mn.ops.test_young ? yield* mn.ops.test_young(mn, mm, address) : false
  }
  return yield* any_notifier(mm, ask, { firstIsEnough: true })
})

function has_secondary_tlb({ mmu_notifier_mm }: mm_struct): boolean {
  for (const mn of notifiers_from(mmu_notifier_mm?.first ?? null))
    if (mn.ops.invalidate_range) return true
  return false
}

/** Asks the notifiers of an mm in order; whether any said yes. */
function* any_notifier(
  mm: mm_struct,
  ask: (mn: mmu_notifier) => AtomicTask<boolean>,
  { firstIsEnough = false } = {},
): AtomicTask<boolean> {
  if (!mm.mmu_notifier_mm) return false
  const srcu = mmu_notifier_srcu()
  const id = yield* srcu_read_lock(srcu)
  let yes = false
  for (let mn = yield* first_notifier(mm); mn; mn = yield* next_notifier(mn)) {
    if (yield* ask(mn)) yes = true
    if (yes && firstIsEnough) break
  }
  srcu_read_unlock(srcu, id)
  return yes
}
