/** Counts that can be closed. Each CPU has a part of one in Linux, which makes them fast and nothing else. */
import { symbol } from '../../engine/symbol'
import type { percpu_ref } from '../../spec/headers/memremap'
import { BUG_ON } from './bug'
import { atomic_fields, struct } from './slab'

/** A count that starts with its maker's reference, and gives out others. */
export const percpu_ref_struct = struct('percpu_ref', (): percpu_ref => ({ count: 1, dead: false }))
atomic_fields('percpu_ref')

/** Gives no more references, and drops the maker's. Linux's own (include/linux/percpu-refcount.h). */
export const percpu_ref_kill = symbol('percpu_ref_kill', (ref: percpu_ref): void => {
  ref.dead = true
  percpu_ref_put(ref)
})

/**
 * A reference unless the count is closed; one step. Linux's own
 * (include/linux/percpu-refcount.h).
 */
export const percpu_ref_tryget_live = symbol(
  'percpu_ref_tryget_live',
  (ref: percpu_ref): boolean => {
    if (ref.dead) return false
    ref.count++
    return true
  },
)

/** Gives a reference back. Linux's own (include/linux/percpu-refcount.h). */
export function percpu_ref_put(ref: percpu_ref): void {
  ref.count--
  BUG_ON(ref.count < 0, 'percpu_ref_put of a reference that nobody has')
}
