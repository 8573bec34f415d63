import { contract } from '../contract'
import { dmaJobs } from '../facts/dma-jobs'
import { cpuEntry, memory } from '../facts/memory'

/** A process that changes its addresses under a device harms itself: the frames are still nobody else's. */
export const onlyOldPagesAreHarmed = contract({
  id: 'DRV-06',
  binds: 'driver',
  says: 'a device that goes on writing where the process has changed its addresses writes to frames that nobody has freed since',
  cites: ['002:2344-2348'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { dmaJobs, memory },
  /** When each frame was freed last. */
  start: () => new Map<number, number>(),
  on: {
    __free_page: (freed, { pfn, at }) => void freed.set(pfn, at),
    dma_access: (freed, { pfn }, { dmaJobs, memory }, tell) => {
      for (const { buffer, mm, pages, jobs } of dmaJobs.buffers.values()) {
        if (jobs.size === 0) continue
        for (const [page, mapped] of pages) {
          const entry = cpuEntry(memory, mm, page)
          if (mapped.pfn !== pfn || entry?.pfn === pfn) continue
          if ((freed.get(pfn) ?? -1) > mapped.at)
            tell.object(`a device writes to pfn ${pfn} of ${buffer}, which was freed meanwhile`)
          else tell.exercise(entry ? 'the address has another page' : 'the address has none')
        }
      }
    },
  },
})
