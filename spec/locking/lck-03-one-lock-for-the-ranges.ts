import { intersection } from 'lodash'
import type { Tell } from '../contract'
import { contract } from '../contract'
import { exclusive, heldBy, locks, type Locks } from '../facts/locks'

interface Ranges {
  readonly inside: Set<number>
  /** By list, the locks under which it was always changed. */
  readonly always: Map<string, readonly string[]>
}

/** A list that starts and ends of passes walk is changed under the lock that they hold. */
export const oneLockForTheRanges = contract({
  id: 'LCK-03',
  binds: 'hmm',
  says: 'the list of ranges is changed only under one lock, the same every time',
  cites: ['000:1086-1087', '000:3052'],
  minimum: { exercised: 500, witnesses: 2 },
  uses: { locks },
  start: (): Ranges => ({ inside: new Set(), always: new Map() }),
  on: {
    hmm_range_register: ({ inside }, { task }) => void inside.add(task),
    'hmm_range_register.return': ({ inside }, { task }) => void inside.delete(task),
    hmm_range_unregister: ({ inside }, { task }) => void inside.add(task),
    'hmm_range_unregister.return': ({ inside }, { task }) => void inside.delete(task),
    list_add_tail: (state, event, { locks }, tell) => changed(state, event, locks, 'added', tell),
    list_del: (state, event, { locks }, tell) => changed(state, event, locks, 'removed', tell),
  },
})

function changed(
  { inside, always }: Ranges,
  { task, list, item }: { task: number; list: string; item: string },
  locks: Locks,
  how: string,
  tell: Tell,
): void {
  if (!inside.has(task) || !item.startsWith('range:')) return
  const held = exclusive(heldBy(locks, task))
  const ids = held.map(({ lock }) => lock)
  const common = intersection(always.get(list) ?? ids, ids)
  always.set(list, common)
  if (common.length > 0) tell.exercise(how)
  else tell.object(`${item} is ${how} under no lock under which the list is always changed`)
}
