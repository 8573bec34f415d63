import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'
import { heldBy, locks, type Locks } from '../facts/locks'

type Known = { readonly callbacks: Callbacks; readonly locks: Locks }

/** The lock that never sleeps is let go before one is taken that may. */
export const rangesLockIsDroppedFirst = contract({
  id: 'LCK-13',
  binds: 'hmm',
  says: 'in a start callback no spinlock is held when mirrors_sem is taken or a mirror is called',
  cites: ['000:3088-3120'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { callbacks, locks },
  on: {
    down_read: (_state, { task, symbol }, known, tell) => judge(task, symbol, known, tell),
    down_read_trylock: (_state, { task, symbol }, known, tell) => judge(task, symbol, known, tell),
    sync_cpu_device_pagetables: (_state, { task }, known, tell) =>
      judge(task, 'a mirror', known, tell),
  },
})

function judge(task: number, what: string, { callbacks, locks }: Known, tell: Tell): void {
  if (!callbacksOf(callbacks, task).some(({ op }) => op === 'start')) return
  const spinning = heldBy(locks, task).find(({ sleeping }) => !sleeping)
  if (spinning) tell.object(`${what} with ${spinning.name} held, in a start callback`)
  else tell.exercise(what)
}
