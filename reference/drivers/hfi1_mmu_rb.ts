/**
 * A registration cache, in the pattern of hfi1's: page frames that a driver has set up once, by the addresses at which
 * it found them (002:2344-2370).
 *
 * An invalidation only takes what it meets out of the cache. Whoever uses it then goes on and the last one gives the
 * pages back; nothing waits, and no end of a pass is heard (002:3278-3285). Left out: a limit of what may be cached.
 */
import { difference } from 'lodash'
import { symbol } from '../../engine/symbol'
import type { AtomicTask, Task } from '../../engine/task'
import { dma_unmap } from '../../spec/headers/jobs'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc, put_user_page } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  page,
  spinlock_t,
} from '../../spec/headers/types'
import { sdmaEngine, type SdmaEngine } from '../devices/sdma-engine'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { mmu_notifier_struct } from '../mm/mmu_notifier'

/** What one process has registered. `lock` protects the cache, the count, and the references to nodes. */
export interface mmu_rb_handler {
  readonly mm: mm_struct
  readonly lock: spinlock_t
  readonly mn: mmu_notifier
  readonly engine: SdmaEngine
  /** The cache. It has a reference to each of its nodes. */
  nodes: readonly sdma_mmu_node[]
  /** Passes that have begun. */
  invalidations: number
}

/** Pages [start, end) of `mm`, with a reference to each. No job begins on a node that is not cached. */
export interface sdma_mmu_node {
  readonly handler: mmu_rb_handler
  readonly mm: mm_struct
  readonly start: number
  readonly end: number
  /** Whether the device may write to them. */
  readonly write: boolean
  readonly pages: page[]
  refcount: number
  cached: boolean
}

const mmu_rb_handler_struct = struct('mmu_rb_handler', (): mmu_rb_handler => ({
  mm: null as never,
  lock: spinlock({ name: 'mmu_rb_handler.lock' }),
  mn: mmu_notifier_struct(),
  engine: null as never,
  nodes: [],
  invalidations: 0,
}))

/** A node that is not cached yet, with its maker's reference. */
export const sdma_mmu_node_struct = struct('sdma_mmu_node', (): sdma_mmu_node => ({
  handler: null as never,
  mm: null as never,
  start: 0,
  end: 0,
  write: false,
  pages: [],
  refcount: 1,
  cached: false,
}))

/** Opens the device for a process; null if its notifier cannot be registered (002:2366-2367). */
export const hfi1_mmu_rb_register = symbol(
  'hfi1_mmu_rb_register',
  function* (mm: mm_struct, name: string): Task<mmu_rb_handler | null> {
    const handler = mmu_rb_handler_struct({ mm, engine: sdmaEngine(name) })
    yield* kmalloc(handler, GFP_KERNEL)
    handler.mn.ops = mmu_rb_notifier_ops
    if ((yield* mmu_notifier_register(handler.mn, mm)) === 0) return handler
    yield* kfree(handler)
    return null
  },
)

/** When no callback can run any more the cache is given up. No job is under way (002:3278-3281). */
export const hfi1_mmu_rb_unregister = symbol(
  'hfi1_mmu_rb_unregister',
  function* (handler: mmu_rb_handler): Task<void> {
    yield* mmu_notifier_unregister(handler.mn, handler.mm)
    yield* spin_lock(handler.lock)
    const unused = take_out(handler, handler.nodes)
    spin_unlock(handler.lock)
    for (const node of unused) yield* unpin_sdma_pages(node)
    yield* kfree(handler)
  },
)

/** A cached node for [start, end), with a reference for the caller; or null (002:2350-2352). */
export const hfi1_mmu_rb_lookup = symbol(
  'hfi1_mmu_rb_lookup',
  function* (
    handler: mmu_rb_handler,
    start: number,
    end: number,
    write: boolean,
  ): AtomicTask<sdma_mmu_node | null> {
    yield* spin_lock(handler.lock)
    const node = handler.nodes.find(
      (node) => node.start <= start && end <= node.end && (node.write || !write),
    )
    if (node) node.refcount++
    spin_unlock(handler.lock)
    return node ?? null
  },
)

/**
 * Caches a node, unless a pass has begun since there were so many: its start could not find the node, whose pages
 * it may have changed (002:2350-2352).
 */
export const hfi1_mmu_rb_insert = symbol(
  'hfi1_mmu_rb_insert',
  function* (node: sdma_mmu_node, invalidations: number): AtomicTask<void> {
    const { handler } = node
    yield* spin_lock(handler.lock)
    if (handler.invalidations === invalidations) {
      handler.nodes = [...handler.nodes, node]
      node.cached = true
      node.refcount++
    }
    spin_unlock(handler.lock)
  },
)

/** Whoever drops the last reference gives the pages back (002:3278-3281). */
export const hfi1_mmu_rb_put = symbol(
  'hfi1_mmu_rb_put',
  function* (node: sdma_mmu_node): AtomicTask<void> {
    const { lock } = node.handler
    yield* spin_lock(lock)
    node.refcount--
    const isLast = node.refcount === 0
    spin_unlock(lock)
    if (isLast) yield* unpin_sdma_pages(node)
  },
)

/** Of nodes that are in the cache, those that nobody uses once they are out. `lock` is held (002:3278-3285). */
export function take_out(
  handler: mmu_rb_handler,
  nodes: readonly sdma_mmu_node[],
): readonly sdma_mmu_node[] {
  handler.nodes = difference(handler.nodes, nodes)
  for (const node of nodes) {
    node.cached = false
    node.refcount--
  }
  return nodes.filter((node) => node.refcount === 0)
}

/** Gives the pages back, and with them the node. Never sleeps (002:3278-3281). */
export const unpin_sdma_pages = symbol(
  'unpin_sdma_pages',
  function* (node: sdma_mmu_node): AtomicTask<void> {
    dma_unmap(node)
    for (const page of node.pages) yield* put_user_page(page)
    yield* kfree(node)
  },
)

/** Later jobs find nothing here and look at the process's pages anew; jobs under way go on (002:2361-2364). */
export const mmu_rb_invalidate_range_start = symbol(
  'mmu_rb_invalidate_range_start',
  function* (mn: mmu_notifier, { start, end }: mmu_notifier_range): AtomicTask<number> {
    const handler = container_of<mmu_rb_handler>(mn)
    yield* spin_lock(handler.lock)
    handler.invalidations++
    const met = handler.nodes.filter((node) => node.start < end && start < node.end)
    const unused = take_out(handler, met)
    spin_unlock(handler.lock)
    for (const node of unused) yield* unpin_sdma_pages(node)
    return 0
  },
)

const mmu_rb_notifier_ops = mmu_notifier_ops({
  invalidate_range_start: mmu_rb_invalidate_range_start,
})
