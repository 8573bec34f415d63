/**
 * Lists as the kernel has them, in the order of their entries. Whoever changes one holds its lock, unless
 * all entries are its own. A removed entry's links are poison: whoever removes it again is warned.
 *
 * A list that readers walk without a lock keeps the way on from an entry that was removed: see
 * {@link hlist_del_init_rcu}.
 */
import { define } from '../../engine/symbol'
import { list_add_tail, list_del, list_del_init } from '../../spec/headers/list'
import { WARN_ON } from './bug'

define(list_add_tail, (list, entry) => {
  if (!WARN_ON(list.includes(entry), 'list_add of an entry that is on the list')) list.push(entry)
})

/** The links of an entry that was removed are poison: it cannot be removed again (000:1209-1210). */
define(list_del, (list, entry) => {
  WARN_ON(!take(list, entry), 'list_del of an entry that is on no list')
})

define(list_del_init, (list, entry) => void take(list, entry))

function take(list: object[], entry: object): boolean {
  const at = list.indexOf(entry)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}

/** An entry of a list that is walked without a lock. */
export interface hlist_node<T> {
  /** Kept when it is unlinked: a reader that stands here still finds its way (000:123-124). */
  next: T | null
  linked: boolean
}

/** Unlinks an entry; again, it changes nothing. The caller holds the list's lock (000:123-124). */
export function hlist_del_init_rcu<T extends hlist_node<T>>(
  head: { first: T | null },
  node: T,
): void {
  if (!node.linked) return
  let before: T | null = null
  for (let at = head.first; at && at !== node; at = at.next) before = at
  if (before) before.next = node.next
  else head.first = node.next
  node.linked = false
}
