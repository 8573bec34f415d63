import { contract } from '../contract'
import { dmaJobs } from '../facts/dma-jobs'
import { cpuEntry, memory } from '../facts/memory'

/** That reading needs no notifier is a claim: what is held can be read, and is no longer what the process has. */
export const readersMaySeeOldPages = contract({
  id: 'DRV-24',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device reads a page that is held for it and is no longer at its address, and nobody promises what it reads',
  cites: ['002:3817-3819', '002:2344-2348'],
  minimum: { exercised: 10, witnesses: 2 },
  uses: { dmaJobs, memory },
  on: {
    dma_read: (_state, { pfn }, { dmaJobs, memory }, tell) => {
      for (const { mm, pages, jobs } of dmaJobs.buffers.values()) {
        if (jobs.size === 0) continue
        for (const [page, mapped] of pages) {
          const entry = cpuEntry(memory, mm, page)
          if (mapped.pfn === pfn && entry?.pfn !== pfn)
            tell.exercise(entry ? 'the address has another page' : 'the address has none')
        }
      }
    },
  },
})
