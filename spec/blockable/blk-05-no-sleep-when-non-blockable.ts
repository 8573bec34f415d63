import { contract } from '../contract'
import { callbacks, nonBlockable } from '../facts/callbacks'

/** Inside a callback that must not block, the task never gives up the CPU of its own accord. */
export const noSleepWhenNonBlockable = contract({
  id: 'BLK-05',
  binds: 'driver',
  says: 'a task inside a non-blockable callback never goes to sleep, whatever it would wait for',
  cites: ['002:330-332', '002:2000-2001'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { callbacks },
  on: {
    schedule: (_state, { task, why }, { callbacks }, tell) => {
      const callback = nonBlockable(callbacks, task)
      if (callback)
        tell.object(
          `task ${task} sleeps (${why}) in the non-blockable ${callback.op} of ${callback.on}`,
        )
    },
    'invalidate_range_start.return': (_state, { blockable, result }, _known, tell) => {
      if (!blockable) tell.exercise(result === 0 ? 'a start agreed awake' : 'a start refused awake')
    },
    'sync_cpu_device_pagetables.return': (_state, { blockable, result }, _known, tell) => {
      if (!blockable) tell.exercise(result === 0 ? 'a sync agreed awake' : 'a sync refused awake')
    },
  },
})
