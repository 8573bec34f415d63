import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

/** A driver may let an invalidation that can block wait for a fault, as long as it comes to an end. */
export const aFaultMayFinishFirst = contract({
  id: 'HMM-39',
  kind: 'permission',
  binds: 'driver',
  says: "an invalidation that may block may be held up in a driver's callback, for a bounded time",
  cites: ['000:4492-4494'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { callbacks },
  /** Tasks that have slept in the sync of a mirror, and which. */
  start: () => new Map<number, string>(),
  on: {
    schedule: (slept, { task }, { callbacks }) => {
      const callback = callbacksOf(callbacks, task).at(-1)
      if (callback?.op === 'sync' && callback.blockable) slept.set(task, callback.on)
    },
    'sync_cpu_device_pagetables.return': (slept, { task, result }, _known, tell) => {
      if (slept.delete(task) && result === 0) tell.exercise('held up, and then done')
    },
  },
})
