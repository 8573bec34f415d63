/** Jobs of GPUs that cannot fault, from the ring to the interrupt behind them. */
import { fact } from '../contract'

export interface GpuJob {
  readonly job: string
  readonly device: string
  /** The notifier that hears of its addresses. */
  readonly mn: string
  readonly mm: string
  readonly start: number
  readonly end: number
  readonly fence: string
  /** The fence that it waits for before it begins, or NULL. */
  readonly after: string
}

export interface GpuJobs {
  readonly underWay: Map<string, GpuJob>
  /** Every job by its fence. */
  readonly byFence: Map<string, GpuJob>
  /** Devices that have been given a job: they cannot fault. */
  readonly devices: Set<string>
}

export const gpuJobs = fact({
  name: 'gpu jobs',
  start: (): GpuJobs => ({ underWay: new Map(), byFence: new Map(), devices: new Set() }),
  on: {
    gpu_submit: ({ underWay, byFence, devices }, event) => {
      const { job, device, mn, mm, start, end, fence, after } = event
      const known = { job, device, mn, mm, start, end, fence, after }
      underWay.set(job, known)
      byFence.set(fence, known)
      devices.add(device)
    },
    gpu_done: ({ underWay }, { job }) => void underWay.delete(job),
  },
})

/** Jobs under way on what a notifier hears of. */
export function jobsOf({ underWay }: GpuJobs, mn: string): readonly GpuJob[] {
  return [...underWay.values()].filter((job) => job.mn === mn)
}
