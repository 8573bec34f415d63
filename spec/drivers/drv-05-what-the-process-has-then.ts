import { contract } from '../contract'
import { dmaJobs, isInPass, pagesOf } from '../facts/dma-jobs'
import { cpuEntry, memory } from '../facts/memory'
import { passes } from '../facts/passes'

/**
 * Incoherence is allowed to jobs under way, not to those that begin.
 *
 * What the process changes while a driver looks is its own fault (002:2346-2348): nothing is asked of a page while a
 * pass is over it, nor of one that was set up under a pass, of whose end a registration cache does not hear.
 */
export const whatTheProcessHasThen = contract({
  id: 'DRV-05',
  binds: 'driver',
  says: 'a job is handed to its device with the pages that are at its addresses at that moment',
  cites: ['002:2350-2352', '002:2344-2348'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { dmaJobs, memory, passes },
  /** When a pass ended last, by mm and page. */
  start: () => new Map<string, number>(),
  on: {
    __mmu_notifier_invalidate_range_end: (ended, { mm, start, end, at }, { dmaJobs }) => {
      for (const { mm: own, pages } of dmaJobs.buffers.values())
        for (const page of pages.keys())
          if (own === mm && start <= page && page < end) ended.set(`${mm} ${page}`, at)
    },
    dma_submit: (ended, { job, buffer }, { dmaJobs, memory, passes }, tell) => {
      const used = dmaJobs.buffers.get(buffer)
      const asked = dmaJobs.jobs.get(job)
      if (!used || !asked) return
      for (const [page, { pfn, inPass }] of pagesOf(used, asked)) {
        if (inPass || isInPass(passes, used.mm, page)) continue
        const entry = cpuEntry(memory, used.mm, page)
        if (entry?.pfn !== pfn)
          tell.object(
            `${job} is handed over with pfn ${pfn} for page ${page}, which has ${entry?.pfn ?? 'none'}`,
          )
        else {
          const disturbed = (ended.get(`${used.mm} ${page}`) ?? -1) > asked.at
          tell.exercise(disturbed ? 'invalidated since it was asked for' : 'undisturbed')
        }
      }
    },
  },
})
