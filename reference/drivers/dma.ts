/**
 * A device that knows page frames and no addresses: its driver holds each page from before the device begins until
 * it has finished (002:1778-1780). No notifier: what the process does to its addresses meanwhile is its own fault,
 * and hurts nobody else (002:2344-2348); reclaim and migration leave the page alone (002:3823-3831).
 */
import { reads } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { symbol } from '../../engine/symbol'
import { until, type Task } from '../../engine/task'
import { dma_access } from '../../spec/headers/device'
import { get_user_pages_fast, put_user_page } from '../../spec/headers/mm'
import { might_sleep } from '../../spec/headers/sched'
import type { mm_struct, page } from '../../spec/headers/types'
import { commandQueue, issue, type Command } from '../hardware/commands'
import { store } from '../hardware/memory'

/** The device takes its time: a page is more than it writes at once. */
const piecesPerPage = 4
const engine = perRun(() => commandQueue('dma engine'))

/**
 * Has the device write to the page at `addr`, and waits until it has. The caller keeps the address space alive. The
 * model's own.
 */
export const dma_write = symbol('dma_write', function* (mm: mm_struct, addr: number): Task<void> {
  const page = yield* get_user_pages_fast(mm, addr, true)
  if (!page) return
  for (let piece = 0; piece < piecesPerPage; piece++) yield* dma_finished(start_dma(page))
  yield* put_user_page(page)
})

/** Gives the device a page frame to write to. The model's own. */
export function start_dma(page: page): Command {
  return issue(engine(), () => {
    store(page)
    dma_access(page.pfn, page.value)
  })
}

/** Sleeps until the device has done what it was told. The model's own. */
export function* dma_finished(command: Command): Task<void> {
  might_sleep()
  const isDone = () => {
    reads(command.queue.name)
    return command.done
  }
  yield* until('completion of', command.queue, isDone)
}
