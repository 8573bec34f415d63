import { contract } from '../contract'
import { dmaJobs } from '../facts/dma-jobs'

/** What an invalidation has taken out of the cache is its users' alone. */
export const orphanedNotFenced = contract({
  id: 'DRV-07',
  binds: 'driver',
  says: 'the pages of a buffer that an invalidation met are given back once, when no job uses the buffer any more',
  cites: ['002:3278-3282'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { dmaJobs },
  on: {
    dma_unmap: (_state, { buffer }, { dmaJobs }, tell) => {
      const known = dmaJobs.buffers.get(buffer)
      if (!known) return
      const [job] = known.jobs
      if (known.downs > 1) tell.object(`${buffer} is taken down twice`)
      else if (job !== undefined) tell.object(`${buffer} is taken down while ${job} uses it`)
      else if (known.dropped) tell.exercise(known.dropped.used ? 'by its last user' : 'at once')
    },
    run_end: (_state, { kind }, { dmaJobs }, tell) => {
      if (kind !== 'done') return
      for (const { buffer, dropped, jobs, downs } of dmaJobs.buffers.values())
        if (dropped && jobs.size === 0 && downs === 0)
          tell.object(`${buffer}, which an invalidation has met, keeps its pages and has no user`)
    },
  },
})
