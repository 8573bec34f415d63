/** What tasks do to the fields of kernel structs, as a detector of data races sees it. */
import { id } from '../../engine/ids'
import { happening } from '../../engine/symbol'

export type Kind = 'plain read' | 'plain write' | 'READ_ONCE' | 'WRITE_ONCE'

/**
 * Two tasks have used one field, at least one of them to write it. `ordered` says whether a lock, a
 * reference count or a grace period keeps the two apart on every schedule with these operations.
 */
export const conflicting_access = happening(
  'conflicting_access',
  (object: object, field: string, first: Kind, second: Kind, other: number, ordered: boolean) => ({
    object: id('object', object),
    field,
    first,
    second,
    other,
    ordered,
  }),
)
