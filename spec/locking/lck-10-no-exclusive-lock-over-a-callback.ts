import type { Tell } from '../contract'
import { contract } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'
import { heldBy, locks, type Locks } from '../facts/locks'

/** A driver may need from others what only their reading of the same lock can give. */
export const noExclusiveLockOverACallback = contract({
  id: 'LCK-10',
  binds: 'hmm',
  says: 'HMM holds no lock exclusively while it calls a mirror',
  cites: ['000:2374-2376', '000:1180-1185'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { callbacks, locks },
  /** How many locks each task held when HMM was called. */
  start: () => new Map<number, number>(),
  on: {
    invalidate_range_start: (state, { task }, { locks }) =>
      void state.set(task, heldBy(locks, task).length),
    'mmu_notifier_ops.release': (state, { task }, { locks }) =>
      void state.set(task, heldBy(locks, task).length),
    sync_cpu_device_pagetables: (state, { task, mirror }, known, tell) =>
      judge(state, task, `the update of ${mirror}`, known, tell),
    'hmm_mirror_ops.release': (state, { task, mirror }, known, tell) =>
      judge(state, task, `the release of ${mirror}`, known, tell),
  },
})

function judge(
  state: ReadonlyMap<number, number>,
  task: number,
  what: string,
  known: { callbacks: Callbacks; locks: Locks },
  tell: Tell,
): void {
  const own = heldBy(known.locks, task).slice(state.get(task) ?? 0)
  const exclusive = own.find(({ mode }) => mode === 'exclusive')
  const op = callbacksOf(known.callbacks, task).at(-1)?.op ?? ''
  if (exclusive) tell.object(`HMM holds ${exclusive.name} exclusively over ${what}`)
  else tell.exercise(op)
}
