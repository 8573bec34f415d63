/** Locks that invalidation callbacks take: whoever holds one may keep an invalidation waiting. */
import { fact } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from './callbacks'
import { mirrors, type Mirrors } from './mirrors'

export interface CallbackLocks {
  /** By lock, on which notifier or mirror it was taken. */
  readonly all: Map<string, string>
  /** Those of drivers: HMM's own are left out. */
  readonly drivers: Map<string, string>
}

type Known = { readonly callbacks: Callbacks; readonly mirrors: Mirrors }

export const callbackLocks = fact({
  name: 'callback locks',
  uses: { callbacks, mirrors },
  start: (): CallbackLocks => ({ all: new Map(), drivers: new Map() }),
  on: {
    spin_lock: (state, event, known) => learn(state, event, known),
    mutex_lock: (state, event, known) => learn(state, event, known),
    'mutex_trylock.return': (state, event, known) => learn(state, event, known),
    down_read: (state, event, known) => learn(state, event, known),
    'down_read_trylock.return': (state, event, known) => learn(state, event, known),
  },
})

function learn(
  { all, drivers }: CallbackLocks,
  { task, lock }: { task: number; lock: string },
  known: Known,
): void {
  const inside = callbacksOf(known.callbacks, task).at(-1)
  if (!inside || (inside.op !== 'start' && inside.op !== 'sync')) return
  if (!all.has(lock)) all.set(lock, inside.on)
  const ofHmm = inside.op === 'start' && known.mirrors.notifiers.get(inside.on)?.hmm
  if (!ofHmm && !drivers.has(lock)) drivers.set(lock, inside.on)
}
