import { intersection } from 'lodash'
import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks } from '../facts/locks'

interface Sides {
  /** By mm, locks held whenever its hmm was looked up. */
  readonly looked: Map<string, readonly string[]>
  /** By mm, locks that were taken whenever its hmm was freed. */
  readonly cleared: Map<string, readonly string[]>
  /** The mm whose mirrors each task registers. */
  readonly registering: Map<number, string>
  /** Locks taken in the callback of SRCU that each task runs. */
  readonly taken: Map<number, readonly string[]>
}

/** Whoever looks the pointer up shares a lock with whoever clears it. */
export const oneLockForThePointerToHmm = contract({
  id: 'LCK-02',
  binds: 'hmm',
  says: 'mm->hmm is looked up and cleared under one lock',
  cites: ['000:31-32', '000:515-516', '000:7513'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { callbacks, locks },
  start: (): Sides => ({
    looked: new Map(),
    cleared: new Map(),
    registering: new Map(),
    taken: new Map(),
  }),
  on: {
    hmm_mirror_register: ({ registering }, { task, mm }) => void registering.set(task, mm),
    'hmm_mirror_register.return': ({ registering }, { task }) => void registering.delete(task),
    kref_get_unless_zero: (state, { task }, { callbacks, locks }, tell) => {
      const mm = state.registering.get(task)
      if (mm === undefined || callbacksOf(callbacks, task).length > 0) return
      const held = heldBy(locks, task).map(({ lock }) => lock)
      const always = intersection(state.looked.get(mm) ?? held, held)
      state.looked.set(mm, always)
      const cleared = state.cleared.get(mm)
      if (always.length === 0 || (cleared && intersection(cleared, always).length === 0))
        tell.object(`task ${task} looks up the hmm of ${mm} under no lock that its clearing takes`)
      else tell.exercise('looked up under a lock')
    },
    srcu_invoke_callback: ({ taken }, { task }) => void taken.set(task, []),
    spin_lock: ({ taken }, { task, lock }) => {
      const before = taken.get(task)
      if (before) taken.set(task, [...before, lock])
    },
    mmdrop: (state, { task, mm }, _known, tell) => {
      const taken = state.taken.get(task)
      if (!taken) return
      state.cleared.set(mm, taken)
      const looked = state.looked.get(mm)
      if (looked && intersection(looked, taken).length === 0)
        tell.object(`the hmm of ${mm} is cleared without the lock under which it is looked up`)
    },
    'srcu_invoke_callback.return': ({ taken }, { task }) => void taken.delete(task),
  },
})
