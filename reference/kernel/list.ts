/**
 * Lists as the kernel has them, in the order of their entries. A removed entry's links are poison: whoever
 * removes it again, or goes on from it, finds out.
 *
 * A list that readers walk without a lock keeps the way on from an entry that was removed: see
 * {@link hlist_del_init_rcu}.
 */
import { Oops } from '../../engine/errors'
import { define } from '../../engine/symbol'
import { list_add_tail, list_del, list_del_init } from '../../spec/headers/list'

define(list_add_tail, (list, entry) => {
  if (list.includes(entry)) throw new Oops('list_add of an entry that is on the list')
  list.push(entry)
})

define(list_del, (list, entry) => {
  if (!take(list, entry)) throw new Oops('list_del of an entry whose links are poison')
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

/** Unlinks an entry; again, it changes nothing. The caller holds the list's lock. */
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
