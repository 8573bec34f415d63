import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { gpuJobs } from '../facts/gpu-jobs'

/** Who waits for a fence waits for whatever the job behind it waits for, in whatever device. */
export const fencesOfOthers = contract({
  id: 'DEV-08',
  kind: 'adversary',
  binds: 'driver',
  says: 'a start waits for the fence of a job that waits for the fence of another device',
  cites: ['002:1898-1903'],
  minimum: { exercised: 10, witnesses: 1 },
  uses: { callbacks, gpuJobs },
  /** Fences that are signalled. */
  start: () => new Set<string>(),
  on: {
    dma_fence_signal: (signalled, { fence }) => void signalled.add(fence),
    dma_fence_wait: (signalled, { task, fence }, { callbacks, gpuJobs }, tell) => {
      if (callbacksOf(callbacks, task).at(-1)?.op !== 'start') return
      const job = gpuJobs.byFence.get(fence)
      if (!job || job.after === 'NULL' || signalled.has(job.after)) return
      if (gpuJobs.byFence.get(job.after)?.device !== job.device) tell.exercise('not signalled yet')
    },
  },
})
