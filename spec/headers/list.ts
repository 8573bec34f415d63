/** Lists that a lock protects, and lists that readers walk without one. */
import { id } from '../../engine/ids'
import { plain } from '../../engine/symbol'

const shown = (list: object, entry: object) => ({
  list: id('list', list),
  item: id('object', entry),
})

/** Adds at the end. The caller holds the list's lock. Linux's own (include/linux/list.h). */
export const list_add_tail = plain('list_add_tail', (list: object[], entry: object) =>
  shown(list, entry),
)
/** Removes an entry that is on the list and poisons its links: once (000:1209-1210). */
export const list_del = plain('list_del', (list: object[], entry: object) => shown(list, entry))
/** Removes an entry and leaves it as one that is on no list: as often as one likes (000:1103-1113). */
export const list_del_init = plain('list_del_init', (list: object[], entry: object) =>
  shown(list, entry),
)
