import { contract } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'
import { heldBy, locks, type Locks } from '../facts/locks'
import type { Tell } from '../contract'

interface Leaves {
  /** Locks that a sync callback has gone to take, with the mirror it was for. */
  readonly callbackLocks: Map<string, string>
  /** Passes that each task is beginning, and what it held when it began: innermost last. */
  readonly beginning: Map<
    number,
    { readonly pass: string; readonly held: readonly { lock: string; name: string }[] }[]
  >
}

/** The lock that a callback needs is never held by one who calls the notifiers. */
export const callbackLockIsALeaf = contract({
  id: 'LCK-07',
  binds: 'driver',
  says: 'a lock that sync_cpu_device_pagetables takes is not held while anything is called that begins an invalidation',
  cites: ['000:6500-6506'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { callbacks, locks },
  start: (): Leaves => ({ callbackLocks: new Map(), beginning: new Map() }),
  on: {
    mutex_lock: (state, event, known, tell) => learn(state, event, known, tell),
    'mutex_trylock.return': (state, event, known, tell) => learn(state, event, known, tell),
    spin_lock: (state, event, known, tell) => learn(state, event, known, tell),
    __mmu_notifier_invalidate_range_start: (
      { callbackLocks, beginning },
      { task, pass, blockable },
      { locks },
      tell,
    ) => {
      const held = heldBy(locks, task)
      beginning.set(task, [...(beginning.get(task) ?? []), { pass, held: [...held] }])
      const leaf = held.find(({ lock }) => callbackLocks.has(lock))
      if (leaf)
        tell.object(
          `task ${task} begins ${pass} with ${leaf.name} held, which the callback of ${callbackLocks.get(leaf.lock)} takes`,
        )
      else
        tell.exercise(
          `${blockable ? 'blockable' : 'non-blockable'}, ${held.length === 0 ? 'nothing held' : 'locks held'}`,
        )
    },
    '__mmu_notifier_invalidate_range_start.return': ({ beginning }, { task }) =>
      void beginning.get(task)?.pop(),
  },
})

/** A callback's lock becomes known; somebody may be beginning a pass with it held just now. */
function learn(
  { callbackLocks, beginning }: Leaves,
  { task, lock, name }: { task: number; lock: string; name: string },
  { callbacks, locks }: { callbacks: Callbacks; locks: Locks },
  tell: Tell,
): void {
  const sync = callbacksOf(callbacks, task).findLast(({ op }) => op === 'sync')
  if (!sync || callbackLocks.has(lock)) return
  callbackLocks.set(lock, sync.on)
  for (const [holder, passes] of beginning) {
    const pass = passes.find(({ held }) => held.some((one) => one.lock === lock))
    if (pass && heldBy(locks, holder).some((one) => one.lock === lock))
      tell.object(
        `task ${holder} begins ${pass.pass} with ${name} held, which the callback of ${sync.on} takes`,
      )
  }
}
