import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

/** Tasks between the last unlock of their unregistration and its return. */
interface Unregistering {
  readonly calls: Map<number, 'locked' | 'unlocked' | 'not yet locked'>
}

/** Poison is written when nobody who is right can look: behind the lock that says so, without one. */
export const poisonFollowsTheLock = contract({
  id: 'LIF-19',
  kind: 'permission',
  level: 'MAY',
  binds: 'hmm',
  says: 'what an unregistration poisons after the section that unlinked it needs no lock: callbacks that run meanwhile never meet it',
  cites: ['000:2870-2877'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { callbacks },
  start: (): Unregistering => ({ calls: new Map() }),
  on: {
    hmm_mirror_unregister: ({ calls }, { task }) => void calls.set(task, 'not yet locked'),
    'down_write.return': ({ calls }, { task }) => {
      if (calls.has(task)) calls.set(task, 'locked')
    },
    up_write: ({ calls }, { task }) => {
      if (calls.get(task) === 'locked') calls.set(task, 'unlocked')
    },
    'hmm_mirror_unregister.return': ({ calls }, { task }) => void calls.delete(task),
    sync_cpu_device_pagetables: ({ calls }, _event, _known, tell) => {
      if ([...calls.values()].includes('unlocked')) tell.exercise('a callback runs meanwhile')
    },
    oops: (_state, { task, message }, { callbacks }, tell) => {
      const inside = callbacksOf(callbacks, task).at(-1)
      if (inside && message.includes('poison'))
        tell.object(`the ${inside.op} callback of ${inside.on} meets poison: ${message}`)
    },
  },
})
