import { contract } from '../contract'
import { callbacks } from '../facts/callbacks'
import { gpuJobs } from '../facts/gpu-jobs'

/** Nothing but the end of its job stops such a GPU. */
export const jobsRunToTheirFence = contract({
  id: 'DEV-06',
  kind: 'adversary',
  binds: 'driver',
  says: 'a GPU that cannot fault goes on with its job while an invalidation of the job waits',
  cites: ['002:2612-2615', '002:3855-3857'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { callbacks, gpuJobs },
  on: {
    device_access: (_state, { device, page }, { callbacks, gpuJobs }, tell) => {
      const waited = [...callbacks.byTask.values()].flat().filter(({ op }) => op === 'start')
      for (const { device: own, mn, start, end } of gpuJobs.underWay.values())
        if (own === device && start <= page && page < end && waited.some(({ on }) => on === mn))
          return tell.exercise('while a start waits')
    },
  },
})
