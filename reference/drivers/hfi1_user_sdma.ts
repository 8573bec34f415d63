/**
 * Jobs of a NIC on a process's memory, in the pattern of hfi1: each is handed over with the pages that the process has
 * there at that moment, and uses them to its end, whatever becomes of the addresses (002:2344-2352).
 */
import { symbol } from '../../engine/symbol'
import type { AtomicTask, Task } from '../../engine/task'
import { dma_begin, dma_done, dma_map, dma_submit, type dma_job } from '../../spec/headers/jobs'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { get_user_pages_fast, kfree, kmalloc } from '../../spec/headers/mm'
import { EFAULT } from '../../spec/headers/types'
import { dma_fence_signal, dma_fence_wait, type dma_fence } from '../../spec/headers/workqueue'
import { sdma_move } from '../devices/sdma-engine'
import { dma_fence_struct } from '../kernel/dma-fence'
import { GFP_KERNEL, struct } from '../kernel/slab'
import {
  hfi1_mmu_rb_insert,
  hfi1_mmu_rb_lookup,
  hfi1_mmu_rb_put,
  sdma_mmu_node_struct,
  type mmu_rb_handler,
  type sdma_mmu_node,
} from './hfi1_mmu_rb'

/** What a process has asked for. `done` is signalled when the device has finished. */
export interface user_sdma_request extends dma_job {
  /** Whether the device writes to the pages, or reads them. */
  readonly write: boolean
  readonly done: dma_fence
}

const user_sdma_request_struct = struct('sdma_request', (): user_sdma_request => ({
  name: 'sdma',
  mm: null as never,
  start: 0,
  end: 0,
  write: false,
  done: dma_fence_struct({ name: 'sdma.done' }),
}))

/**
 * Has the device read or write [start, end), and waits until it has. 0 or -errno. The caller keeps the address space
 * alive (002:2350-2352).
 */
export const hfi1_user_sdma_process_request = symbol(
  'hfi1_user_sdma_process_request',
  function* (handler: mmu_rb_handler, start: number, end: number, write: boolean): Task<number> {
    const request = yield* hfi1_user_sdma_begin(handler, start, end, write)
    if (!request) return -EFAULT
    yield* hfi1_user_sdma_finish(request)
    return 0
  },
)

/** Hands a job over, whose fence may be waited for; null if a page cannot be had (002:2350-2352). */
export const hfi1_user_sdma_begin = symbol(
  'hfi1_user_sdma_begin',
  function* (
    handler: mmu_rb_handler,
    start: number,
    end: number,
    write: boolean,
  ): Task<user_sdma_request | null> {
    const request = user_sdma_request_struct({ mm: handler.mm, start, end, write })
    yield* kmalloc(request, GFP_KERNEL)
    dma_begin(request)
    if ((yield* sdma_submit(handler, request)) === 0) return request
    yield* kfree(request)
    return null
  },
)

/** Waits until the device has finished; nobody else asks for the fence any more (002:1898-1903). */
export const hfi1_user_sdma_finish = symbol(
  'hfi1_user_sdma_finish',
  function* (request: user_sdma_request): Task<void> {
    yield* dma_fence_wait(request.done)
    yield* kfree(request)
  },
)

/** Again and again until nothing has come between finding the pages and handing them over. */
function* sdma_submit(handler: mmu_rb_handler, request: user_sdma_request): Task<number> {
  const { start, end, write } = request
  for (;;) {
    const node =
      (yield* hfi1_mmu_rb_lookup(handler, start, end, write)) ??
      (yield* pin_sdma_pages(handler, request))
    if (!node) return -EFAULT
    const sent = yield* sdma_send(node, request)
    yield* hfi1_mmu_rb_put(node)
    if (sent) return 0
  }
}

/** A node of fresh references, for the caller and the cache; null if a page cannot be had (002:1778-1780). */
export const pin_sdma_pages = symbol(
  'pin_sdma_pages',
  function* (
    handler: mmu_rb_handler,
    { start, end, write }: user_sdma_request,
  ): Task<sdma_mmu_node | null> {
    const { mm, lock, mn } = handler
    yield* spin_lock(lock)
    const { invalidations } = handler
    spin_unlock(lock)
    const node = sdma_mmu_node_struct({ handler, mm, start, end, write })
    yield* kmalloc(node, GFP_KERNEL)
    for (let addr = start; addr < end; addr++) {
      const page = yield* get_user_pages_fast(mm, addr, write)
      if (!page) {
        yield* hfi1_mmu_rb_put(node)
        return null
      }
      node.pages.push(page)
      dma_map(node, mn, addr, page.pfn)
    }
    yield* hfi1_mmu_rb_insert(node, invalidations)
    return node
  },
)

/**
 * Hands a job to the device. False if the node is not cached, or is not any more: its pages may be others by now. Under
 * the lock, so that no invalidation comes between (002:2350-2352).
 */
export const sdma_send = symbol(
  'sdma_send',
  function* (node: sdma_mmu_node, request: user_sdma_request): AtomicTask<boolean> {
    const { handler } = node
    yield* spin_lock(handler.lock)
    const { cached } = node
    if (cached) sdma_start(node, request)
    spin_unlock(handler.lock)
    return cached
  },
)

/** The device has a reference of its own, until its interrupt. `lock` is held (002:2350-2352). */
export function sdma_start(node: sdma_mmu_node, request: user_sdma_request): void {
  const { start, end, write } = request
  node.refcount++
  dma_submit(request, node)
  const pages = node.pages.slice(start - node.start, end - node.start)
  sdma_move(node.handler.engine, pages, write, () => sdma_complete(node, request))
}

/**
 * In the interrupt. Whoever waits for the fence may take the device away next. Linux's own
 * (drivers/infiniband/hw/hfi1/user_sdma.c).
 */
export const sdma_complete = symbol(
  'sdma_complete',
  function* (node: sdma_mmu_node, request: user_sdma_request): AtomicTask<void> {
    dma_done(request)
    yield* hfi1_mmu_rb_put(node)
    dma_fence_signal(request.done)
  },
)
