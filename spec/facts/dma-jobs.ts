/** Buffers that drivers have set up for devices without addresses, and the jobs that use them. */
import { fact } from '../contract'
import { intersects, passes, type Passes } from './passes'

export interface Mapped {
  readonly pfn: number
  readonly at: number
  /** Whether a pass over the page was under way: what the process changes itself while a driver looks is its own fault. */
  readonly inPass: boolean
}

export interface Buffer {
  readonly buffer: string
  readonly mm: string
  /** The notifier that hears of its addresses. */
  readonly mn: string
  readonly pages: Map<number, Mapped>
  /** Jobs that the device has been given and has not finished. */
  readonly jobs: Set<string>
  /** When a start that met it had returned success for the first time, or null; and whether jobs used it then. */
  dropped: { readonly at: number; readonly used: boolean } | null
  /** How often its driver has taken it down. */
  downs: number
}

export interface Job {
  readonly mm: string
  readonly start: number
  readonly end: number
  /** When its driver was asked. */
  readonly at: number
}

export interface DmaJobs {
  readonly buffers: Map<string, Buffer>
  /** Until they are done. */
  readonly jobs: Map<string, Job>
  /** By notifier, buffers of its that were dropped: pages, and when. */
  readonly dropped: Map<string, Map<number, number>>
  /** By task inside a start, the buffers that the start must drop. */
  readonly meets: Map<number, readonly Buffer[]>
}

export const dmaJobs = fact({
  name: 'dma jobs',
  uses: { passes },
  start: (): DmaJobs => ({
    buffers: new Map(),
    jobs: new Map(),
    dropped: new Map(),
    meets: new Map(),
  }),
  on: {
    dma_map: ({ buffers }, { buffer, mm, mn, page, pfn, at }, { passes }) => {
      let known = buffers.get(buffer)
      if (!known) {
        known = { buffer, mm, mn, pages: new Map(), jobs: new Set(), dropped: null, downs: 0 }
        buffers.set(buffer, known)
      }
      known.pages.set(page, { pfn, at, inPass: isInPass(passes, mm, page) })
    },
    dma_unmap: ({ buffers }, { buffer }) => {
      const known = buffers.get(buffer)
      if (known) known.downs++
    },
    dma_begin: ({ jobs }, { job, mm, start, end, at }) =>
      void jobs.set(job, { mm, start, end, at }),
    dma_submit: ({ buffers }, { job, buffer }) => void buffers.get(buffer)?.jobs.add(job),
    dma_done: ({ buffers, jobs }, { job }) => {
      jobs.delete(job)
      for (const known of buffers.values()) known.jobs.delete(job)
    },
    invalidate_range_start: ({ buffers, meets }, { task, mn, start, end }) => {
      const met = [...buffers.values()].filter((buffer) => meetsBuffer(buffer, mn, start, end))
      if (met.length > 0) meets.set(task, met)
    },
    'invalidate_range_start.return': ({ meets, dropped }, { task, mn, result, at }) => {
      const met = meets.get(task) ?? []
      meets.delete(task)
      if (result !== 0) return
      for (const buffer of met) drop(buffer, at, dropped, mn)
    },
  },
})

function drop(buffer: Buffer, at: number, dropped: DmaJobs['dropped'], mn: string): void {
  buffer.dropped ??= { at, used: buffer.jobs.size > 0 }
  const pages = dropped.get(mn) ?? new Map<number, number>()
  for (const page of buffer.pages.keys()) pages.set(page, at)
  dropped.set(mn, pages)
}

/** Whether a pass of an mm over a page is somewhere between the beginning of its start and the return of its end. */
export function isInPass({ live }: Passes, mm: string, page: number): boolean {
  for (const pass of live)
    if (pass.mm === mm && intersects(pass, { start: page, end: page + 1 })) return true
  return false
}

/** Whether a pass is over a buffer that is set up, and its notifier hears of it. */
export function meetsBuffer(
  { mn, pages, downs }: Buffer,
  by: string,
  start: number,
  end: number,
): boolean {
  return downs === 0 && mn === by && [...pages.keys()].some((page) => start <= page && page < end)
}

/** Pages of a job, each with what its buffer has there. */
export function pagesOf(
  { pages }: Buffer,
  { start, end }: { readonly start: number; readonly end: number },
): readonly (readonly [page: number, Mapped])[] {
  return [...pages].filter(([page]) => start <= page && page < end)
}
