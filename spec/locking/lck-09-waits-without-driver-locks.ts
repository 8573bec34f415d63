import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'
import { heldBy, locks, type Locks } from '../facts/locks'

type Known = { readonly callbacks: Callbacks; readonly locks: Locks }

/** Whoever ends the wait may need the lock first, and lockdep will not say so. */
export const waitsWithoutDriverLocks = contract({
  id: 'LCK-09',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a callback that waits for something to happen holds no lock of its driver meanwhile',
  cites: ['002:2617-2619'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { callbacks, locks },
  /** How many locks each task held when the callback was called. */
  start: () => new Map<number, number>(),
  on: {
    invalidate_range_start: (state, { task }, { locks }) =>
      void state.set(task, heldBy(locks, task).length),
    sync_cpu_device_pagetables: (state, { task }, { locks }) =>
      void state.set(task, heldBy(locks, task).length),
    dma_fence_wait: (state, { task, name }, known, tell) => judge(state, task, name, known, tell),
    wait_event_timeout: (state, { task, wq }, known, tell) => judge(state, task, wq, known, tell),
    flush_work: (state, { task, work }, known, tell) => judge(state, task, work, known, tell),
  },
})

function judge(
  state: ReadonlyMap<number, number>,
  task: number,
  what: string,
  { callbacks, locks }: Known,
  tell: Tell,
): void {
  const inside = callbacksOf(callbacks, task).at(-1)
  if (!inside || (inside.op !== 'start' && inside.op !== 'sync')) return
  const own = heldBy(locks, task).slice(state.get(task) ?? 0)
  if (own.length > 0)
    tell.object(`the ${inside.op} of ${inside.on} waits for ${what} with ${own[0]!.name} held`)
  else tell.exercise(`waits for ${what.split(':')[0]!}`)
}
