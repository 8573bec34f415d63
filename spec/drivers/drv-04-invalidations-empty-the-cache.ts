import { contract } from '../contract'
import { dmaJobs, pagesOf } from '../facts/dma-jobs'

/** All that an invalidation asks of a registration cache: it need not wait, and not hear of the end of the pass. */
export const invalidationsEmptyTheCache = contract({
  id: 'DRV-04',
  binds: 'driver',
  says: 'a job that is asked for after a start has returned is not done with a buffer that the start met',
  cites: ['002:2361-2364', '002:2369-2370'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { dmaJobs },
  on: {
    dma_submit: (_state, { job, buffer }, { dmaJobs }, tell) => {
      const used = dmaJobs.buffers.get(buffer)
      const asked = dmaJobs.jobs.get(job)
      if (!used || !asked) return
      if (used.dropped && used.dropped.at < asked.at)
        return tell.object(
          `${job} is asked for after a start has met ${buffer}, and is done with it`,
        )
      const pages = pagesOf(used, asked)
      const dropped = dmaJobs.dropped.get(used.mn)
      if (pages.every(([, { at }]) => at < asked.at)) tell.exercise('found in the cache')
      else if (pages.some(([page]) => (dropped?.get(page) ?? Infinity) < asked.at))
        tell.exercise('set up anew after an invalidation')
    },
  },
})
