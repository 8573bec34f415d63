/**
 * What drivers show of work that a device does on a process's memory: with which frames, from when on, until when.
 */
import { id } from '../../engine/ids'
import { happening } from '../../engine/symbol'
import type { device } from './device'
import type { mm_struct, mmu_notifier } from './types'
import type { dma_fence } from './workqueue'

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

/** A job that is over when its fence is signalled. */
export interface gpu_job extends dma_job {
  readonly fence: dma_fence
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

// ---- GPUs that cannot fault ------------------------------------------------------------------------

/** A driver puts a job into a GPU's ring. `mn` hears of its addresses; `after` is signalled before the job begins. */
export const gpu_submit = happening(
  'gpu_submit',
  (job: gpu_job, device: device, mn: mmu_notifier, after: dma_fence | null) => ({
    ...jobIds(job),
    fence: id('fence', job.fence),
    device: id('device', device),
    mn: id('mn', mn),
    after: id('fence', after),
  }),
)
/** The GPU has interrupted behind the job, and does not touch its pages any more. */
export const gpu_done = happening('gpu_done', (job: gpu_job) => jobIds(job))
/** A GPU that cannot fault finds no translation for a page that its job needs. */
export const gpu_unhandled_fault = happening(
  'gpu_unhandled_fault',
  (device: device, page: number) => ({ device: id('device', device), name: device.name, page }),
)
