/** Linked lists, as arrays. Whoever changes one holds its lock. */
import { pull } from 'lodash'
import { WARN_ON } from './bug'

/** Takes an entry off its list, on which it must be (000:1209-1210). */
export function list_del<T>(list: T[], entry: T): void {
  if (!WARN_ON(!list.includes(entry), 'list_del of an entry that is on no list')) pull(list, entry)
}
