/**
 * Accesses to what other tasks may change: READ_ONCE and WRITE_ONCE say so, everything else needs a lock
 * or an order (000:2613-2620). A detector follows every field of every struct, if somebody listens.
 *
 * Left out: what lists and maps hold, and the fields of primitives, which are what orders the others.
 */
import { marked, watchAccesses, type Access } from '../../engine/happens-before'
import { perRun } from '../../engine/ids'
import { conflicting_access, type Kind } from '../../spec/headers/access'

/**
 * Reads once what others may be writing. A point comes before it, where the caller may be
 * interleaved (000:2613-2620).
 */
export function READ_ONCE<T>(read: () => T): T {
  return marked(read)
}

/** Writes at once what others may be reading. Linux's own (include/linux/compiler.h). */
export function WRITE_ONCE(write: () => void): void {
  marked(write)
}

/** Ordered conflicts that were told: one of each shape is enough. */
const told = perRun(() => new Set<string>())

/** Begins to follow the accesses of a run, unless nobody listens. The model's own. */
export function follow_accesses(): void {
  const { slot } = conflicting_access
  watchAccesses(slot.call === slot.impl ? null : tell)
}

function tell(
  object: object,
  field: string,
  first: Access,
  second: Access,
  ordered: boolean,
): void {
  const shape = `${field} ${kindOf(first)} ${kindOf(second)}`
  if (ordered && told().has(shape)) return
  if (ordered) told().add(shape)
  conflicting_access(object, field, kindOf(first), kindOf(second), first.task, ordered)
}

function kindOf({ write, marked }: Access): Kind {
  if (marked) return write ? 'WRITE_ONCE' : 'READ_ONCE'
  return write ? 'plain write' : 'plain read'
}
