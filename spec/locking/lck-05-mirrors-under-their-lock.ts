import { intersection } from 'lodash'
import type { Tell } from '../contract'
import { contract } from '../contract'
import { exclusive, heldBy, locks } from '../facts/locks'

/** A mirror is told under the lock under which it would be removed. */
export const mirrorsUnderTheirLock = contract({
  id: 'LCK-05',
  binds: 'hmm',
  says: 'the list of mirrors is changed under a lock held for writing, and mirrors are called with that lock held',
  cites: ['000:1187', '000:1208-1211', '000:765'],
  minimum: { exercised: 500, witnesses: 3 },
  uses: { locks },
  /** By mirror, the locks held for writing when it was added. */
  start: () => new Map<string, readonly string[]>(),
  on: {
    list_add_tail: (state, { task, item }, { locks }, tell) => {
      if (!item.startsWith('mirror:')) return
      const held = exclusive(heldBy(locks, task))
      state.set(
        item,
        held.map(({ lock }) => lock),
      )
      if (held.length > 0) tell.exercise('added')
      else tell.object(`${item} is added under no lock`)
    },
    list_del: (state, { task, item }, { locks }, tell) => {
      const writing = exclusive(heldBy(locks, task))
      judge(state, item, writing, 'removed', tell)
    },
    sync_cpu_device_pagetables: (state, { task, mirror }, { locks }, tell) =>
      judge(state, mirror, heldBy(locks, task), 'told of a pass', tell),
    'hmm_mirror_ops.release': (state, { task, mirror }, { locks }, tell) =>
      judge(state, mirror, heldBy(locks, task), 'released', tell),
  },
})

function judge(
  state: ReadonlyMap<string, readonly string[]>,
  mirror: string,
  held: ReturnType<typeof heldBy>,
  what: string,
  tell: Tell,
): void {
  const known = state.get(mirror)
  if (!known) return
  const ids = held.map(({ lock }) => lock)
  if (intersection(known, ids).length > 0) tell.exercise(what)
  else tell.object(`${mirror} is ${what} without the lock under which it was added`)
}
