/** State of a process that the notifier core owns: who attaches to it, and detaches sooner or later. */
import { compact } from 'lodash'
import { writes } from '../engine/footprint'
import { acquire, release } from '../engine/happens-before'
import { perRun } from '../engine/ids'
import { point, type Task } from '../engine/task'
import { spin_lock, spin_unlock } from '../spec/headers/locking'
import {
  mmu_notifier_attach_mm,
  mmu_notifier_detach_mm,
  mmu_notifier_ops,
} from '../spec/headers/mmu_notifier'
import type { mm_struct, mmu_notifier, notifier_priv, spinlock_t } from '../spec/headers/types'
import { struct } from '../reference/kernel/slab'
import { spinlock } from '../reference/kernel/spinlock'
import { mmu_notifier_priv, notifier_priv_fields } from '../reference/mm/notifier_attach'

/** `lock` protects the counts. */
interface per_mm extends notifier_priv {
  readonly lock: spinlock_t
  starts: number
  ends: number
}

const per_mm_struct = struct('per_mm', (): per_mm => ({
  ...notifier_priv_fields(),
  lock: spinlock({ name: 'per_mm.lock' }),
  starts: 0,
  ends: 0,
}))

/** The ops of two drivers that do the same. */
const drivers = perRun(() => ({ one: per_mm_ops(), another: per_mm_ops() }))

/** What operations have attached and not detached: of each attach a list. */
const attached = perRun((): notifier_priv[][] => [])

/** Attaches with the ops of one driver, again, and with another's; what it has twice it gives back. */
export function* attach_state(mm: mm_struct): Task<void> {
  const { one, another } = drivers()
  const first = yield* mmu_notifier_attach_mm(one, mm, per_mm_struct)
  const again = yield* mmu_notifier_attach_mm(one, mm, per_mm_struct)
  const others = yield* mmu_notifier_attach_mm(another, mm, per_mm_struct)
  if (again) yield* mmu_notifier_detach_mm(again)
  writes('attached')
  release(attached())
  attached().push(compact([first, others]))
}

/** Detaches what an operation has attached; the address space may be gone. */
export function* detach_state(): Task<void> {
  writes('attached')
  acquire(attached())
  const privs = attached().shift() ?? []
  for (const priv of privs) yield* mmu_notifier_detach_mm(priv)
}

function* count_start(mn: mmu_notifier): Task<number> {
  const per_mm = mmu_notifier_priv<per_mm>(mn)
  yield* point('drop what was derived')
  yield* spin_lock(per_mm.lock)
  per_mm.starts++
  spin_unlock(per_mm.lock)
  return 0
}

function* count_end(mn: mmu_notifier): Task<void> {
  const per_mm = mmu_notifier_priv<per_mm>(mn)
  yield* spin_lock(per_mm.lock)
  per_mm.ends++
  spin_unlock(per_mm.lock)
}

function per_mm_ops() {
  return mmu_notifier_ops({ invalidate_range_start: count_start, invalidate_range_end: count_end })
}
