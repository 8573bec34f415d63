import { contract } from '../contract'
import { gpuJobs, jobsOf } from '../facts/gpu-jobs'
import { intersects } from '../facts/passes'

/** A GPU that cannot fault cannot be stopped either: whoever wants its pages waits until it is done. */
export const startsWaitForJobs = contract({
  id: 'DRV-10',
  binds: 'driver',
  says: 'when the start of a driver of a GPU that cannot fault returns success, no job on what the pass meets is under way',
  cites: ['002:2302-2304', '002:2556-2558'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { gpuJobs },
  /** Starts that found a job under way, by task. */
  start: () => new Set<number>(),
  on: {
    invalidate_range_start: (waiting, { task, mn, start, end }, { gpuJobs }) => {
      waiting.delete(task)
      if (jobsOf(gpuJobs, mn).some((job) => intersects(job, { start, end }))) waiting.add(task)
    },
    'invalidate_range_start.return': (waiting, event, { gpuJobs }, tell) => {
      const { task, mn, start, end, result } = event
      const hadWaited = waiting.delete(task)
      if (result !== 0) return
      const left = jobsOf(gpuJobs, mn).find((job) => intersects(job, { start, end }))
      if (left)
        tell.object(`${mn} agrees to a pass over [${start}, ${end}) while ${left.job} is under way`)
      else if (hadWaited) tell.exercise('waited for a job')
      else if ([...gpuJobs.byFence.values()].some((job) => job.mn === mn)) tell.exercise('idle')
    },
  },
})
