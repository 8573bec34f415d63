/** Work that others do later, and signals that they are done: work items, fences, completions by interrupt. */
import { id } from '../../engine/ids'
import { atomic, bool, int, plain, task } from '../../engine/symbol'
import type { AtomicTask, Task } from './seam'
import type { wait_queue_head } from './types'

/** Something to be done once by a worker. */
export interface work_struct {
  readonly name: string
  func: (work: work_struct) => Task<void>
  pending: boolean
  running: boolean
}

export interface workqueue_struct {
  readonly name: string
  /** Its items may not recurse into reclaim (002:1696-1699). */
  readonly memReclaim: boolean
  items: work_struct[]
}

/** Signalled once, by hardware or another driver; whoever waits may not know by whom (002:1898-1903). */
export interface dma_fence {
  readonly name: string
  signaled: boolean
  readonly wq: wait_queue_head
}

const workId = (work: work_struct) => id('work', work)
const fenceId = (fence: dma_fence) => ({ fence: id('fence', fence), name: fence.name })

/** Has a worker do it later. False if it is pending already. Never sleeps (000:6691-6693). */
export const queue_work = plain(
  'queue_work',
  (wq: workqueue_struct, work: work_struct) => ({ wq: wq.name, work: workId(work) }),
  bool,
)
/** Waits until the item is neither pending nor running: depends on all that the item depends on. */
export const flush_work = task('flush_work', (work: work_struct) => ({ work: workId(work) }))

/** Signals, and wakes whoever waits. Never sleeps; 0, or -EINVAL if it was signalled before. */
export const dma_fence_signal = plain('dma_fence_signal', (fence: dma_fence) => fenceId(fence), int)
/** Sleeps until the fence is signalled (002:1898-1903). */
export const dma_fence_wait = task('dma_fence_wait', (fence: dma_fence) => fenceId(fence))

/** Hardware interrupts: the handler runs in atomic context, with interrupts off. */
export const handle_irq = atomic(
  'handle_irq',
  (name: string, _handler: () => AtomicTask<void>) => ({
    irq: name,
  }),
)
