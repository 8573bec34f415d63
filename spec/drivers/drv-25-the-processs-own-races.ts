import { contract } from '../contract'
import { dmaJobs } from '../facts/dma-jobs'
import { gpuJobs } from '../facts/gpu-jobs'
import { intersects } from '../facts/passes'

/** By job under way: whether it is of a registration cache. */
type Raced = Map<string, boolean>

/** Whether the device writes to the old pages or the new ones is nobody's promise, in no model. */
export const theProcesssOwnRaces = contract({
  id: 'DRV-25',
  kind: 'permission',
  binds: 'driver',
  says: 'a process may change what is at the addresses of a job under way, whose end it has not waited for',
  cites: ['002:3644-3648'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { dmaJobs, gpuJobs },
  /** Jobs at whose addresses the process has begun to change what is there. */
  start: (): Raced => new Map(),
  on: {
    vm_munmap: race,
    vm_mmap_fixed: race,
    dma_done: (raced, { job }, _known, tell) => {
      if (raced.delete(job)) tell.exercise('a registration cache')
    },
    gpu_done: (raced, { job }, _known, tell) => {
      if (raced.delete(job)) tell.exercise('a fence')
    },
  },
})

interface Part {
  readonly mm: string
  readonly start: number
  readonly end: number
}

function race(
  raced: Raced,
  part: Part,
  known: {
    readonly dmaJobs: ReturnType<typeof dmaJobs.start>
    readonly gpuJobs: ReturnType<typeof gpuJobs.start>
  },
): void {
  const isMet = (job: Part | undefined) => job?.mm === part.mm && intersects(job, part)
  for (const { jobs } of known.dmaJobs.buffers.values())
    for (const job of jobs) if (isMet(known.dmaJobs.jobs.get(job))) raced.set(job, true)
  for (const [job, about] of known.gpuJobs.underWay) if (isMet(about)) raced.set(job, false)
}
