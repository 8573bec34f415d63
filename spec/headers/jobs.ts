/**
 * What drivers show of work that a device does on a process's memory: with which frames, from when on, until when.
 */
import { id } from '../../engine/ids'
import { happening } from '../../engine/symbol'
import type { mm_struct, mmu_notifier } from './types'

/** Pages of `mm` that a driver has set up for its device. */
export interface dma_buffer {
  readonly mm: mm_struct
}

/** What somebody has asked a device to do with pages [start, end) of `mm`. */
export interface dma_job {
  readonly name: string
  readonly mm: mm_struct
  readonly start: number
  readonly end: number
}

const bufferId = (buffer: dma_buffer) => ({ buffer: id('buffer', buffer) })
const jobIds = (job: dma_job) => ({
  job: id('job', job),
  mm: id('mm', job.mm),
  start: job.start,
  end: job.end,
})

/** A driver is asked for a job. */
export const dma_begin = happening('dma_begin', jobIds)
/** A driver has set one page of a buffer up; `mn` is the notifier by which it learns what becomes of the address. */
export const dma_map = happening(
  'dma_map',
  (buffer: dma_buffer, mn: mmu_notifier, page: number, pfn: number) => ({
    ...bufferId(buffer),
    mm: id('mm', buffer.mm),
    mn: id('mn', mn),
    page,
    pfn,
  }),
)
/** A driver hands a job to its device, which uses pages of the buffer from now on. */
export const dma_submit = happening('dma_submit', (job: dma_job, buffer: dma_buffer) => ({
  ...jobIds(job),
  ...bufferId(buffer),
}))
/** The device has told its driver that it has finished the job. */
export const dma_done = happening('dma_done', jobIds)
/** A driver takes a buffer down, and is about to give its pages back. */
export const dma_unmap = happening('dma_unmap', bufferId)
