/**
 * User memory that a GPU works on which cannot fault, in the pattern of radeon and amdgpu: the driver looks the pages up
 * before a job, and an invalidation waits for the fences of those under way, unbinds the object, and gives its pages
 * back (002:2302-2304, 002:2556-2558, 002:3846-3853).
 *
 * It hears of the end of a pass, and binds nothing before: a driver that does not could bind what the pass is about to
 * take away (002:2928-2930). Left out: other memory than the user's, and the references that keep a fence.
 */
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { driver_interest } from '../../spec/headers/device'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc, put_user_page } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { wake_up_all } from '../../spec/headers/sched'
import { EAGAIN } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  page,
  spinlock_t,
  wait_queue_head,
} from '../../spec/headers/types'
import { dma_fence_wait, type dma_fence } from '../../spec/headers/workqueue'
import { fencedGpu, type FencedGpu } from '../devices/fenced-gpu'
import { device_map, device_unmap } from '../devices/translating-device'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { wait_queue } from '../kernel/wait'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from '../mm/mmu_notifier'

/** An object of pages [start, end) of `mm`. `lock` protects what can change. */
export interface radeon_bo {
  readonly mm: mm_struct
  readonly start: number
  readonly end: number
  readonly lock: spinlock_t
  readonly mn: mmu_notifier
  readonly gpu: FencedGpu
  readonly wq: wait_queue_head
  /** Bound to the GPU's page table, with a reference to each; none where the object is not bound. */
  pages: readonly page[]
  /** Of jobs under way. */
  fences: readonly dma_fence[]
  /** Passes over the object that are open: nothing is bound meanwhile. */
  invalidating: number
  /** Passes over the object that have begun. */
  invalidations: number
}

/** Pages of a process that an object is of, from the first one on. */
export const userptrPages = 2

const radeon_bo_struct = struct('radeon_bo', (): radeon_bo => ({
  mm: null as never,
  start: 0,
  end: userptrPages,
  lock: spinlock({ name: 'radeon_bo.lock' }),
  mn: mmu_notifier_struct(),
  gpu: null as never,
  wq: wait_queue({ name: 'radeon_bo.wq' }),
  pages: [],
  fences: [],
  invalidating: 0,
  invalidations: 0,
}))

/** An object that is not bound yet; null if its notifier cannot be registered. Linux's own (radeon_mn.c). */
export const radeon_mn_register = symbol(
  'radeon_mn_register',
  function* (mm: mm_struct, name: string): Task<radeon_bo | null> {
    const bo = radeon_bo_struct({ mm, gpu: fencedGpu(name, mm) })
    yield* kmalloc(bo, GFP_KERNEL)
    bo.mn.ops = radeon_mn_ops
    bo.mn.may_refuse = true
    driver_interest(bo.mn, bo.start, bo.end)
    if ((yield* mmu_notifier_register(bo.mn, mm)) === 0) return bo
    yield* kfree(bo)
    return null
  },
)

/** No callback can run any more, and no job is under way. Linux's own (radeon_mn.c). */
export const radeon_mn_unregister = symbol(
  'radeon_mn_unregister',
  function* (bo: radeon_bo): Task<void> {
    yield* mmu_notifier_unregister(bo.mn, bo.mm)
    yield* radeon_bo_unbind(bo)
    yield* kfree(bo)
  },
)

/** Programs the GPU's page table, unless a pass has begun since, or somebody else was faster (002:3846-3850). */
export const radeon_bo_bind = symbol(
  'radeon_bo_bind',
  function* (bo: radeon_bo, pages: readonly page[], invalidations: number): AtomicTask<boolean> {
    yield* spin_lock(bo.lock)
    const isQuiet = bo.invalidating === 0 && bo.invalidations === invalidations
    const isCurrent = isQuiet && bo.pages.length === 0
    if (isCurrent) {
      for (const [n, page] of pages.entries())
        yield* device_map(bo.gpu.device, bo.start + n, page.pfn, true)
      bo.pages = pages
    }
    spin_unlock(bo.lock)
    return isCurrent
  },
)

/** The GPU forgets the object, and its pages are the process's alone again (002:3852-3853). */
export const radeon_bo_unbind = symbol(
  'radeon_bo_unbind',
  function* (bo: radeon_bo): AtomicTask<void> {
    yield* spin_lock(bo.lock)
    const { pages } = bo
    bo.pages = []
    if (pages.length > 0) yield* device_unmap(bo.gpu.device, bo.start, bo.end)
    spin_unlock(bo.lock)
    for (const page of pages) yield* put_user_page(page)
  },
)

// ---- notifier callbacks ------------------------------------------------------------------------------------

/**
 * Keeps new jobs away, waits for those under way, and unbinds the object; refuses where it would have to wait and may
 * not (002:2302-2304, 002:872-874).
 */
export const radeon_mn_invalidate_range_start = symbol(
  'radeon_mn_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const bo = container_of<radeon_bo>(mn)
    if (!isOfInterest(bo, range)) return 0
    yield* spin_lock(bo.lock)
    const { fences } = bo
    const refuses = fences.length > 0 && !mmu_notifier_range_blockable(range)
    if (!refuses) {
      bo.invalidating++
      bo.invalidations++
    }
    spin_unlock(bo.lock)
    if (refuses) return -EAGAIN
    for (const fence of fences) yield* dma_fence_wait(fence)
    yield* radeon_bo_unbind(bo)
    return 0
  },
)

/** Lets the object be bound again (002:2928-2930). */
export const radeon_mn_invalidate_range_end = symbol(
  'radeon_mn_invalidate_range_end',
  function* (mn: mmu_notifier, range: mmu_notifier_range): AtomicTask<void> {
    const bo = container_of<radeon_bo>(mn)
    if (!isOfInterest(bo, range)) return
    yield* spin_lock(bo.lock)
    bo.invalidating--
    if (bo.invalidating === 0) wake_up_all(bo.wq)
    spin_unlock(bo.lock)
  },
)

/** The address space ends: jobs under way are waited for, and nothing stays bound. Linux's own (radeon_mn.c). */
export const radeon_mn_release = symbol(
  'radeon_mn_release',
  function* (mn: mmu_notifier): Task<void> {
    const bo = container_of<radeon_bo>(mn)
    yield* spin_lock(bo.lock)
    const { fences } = bo
    spin_unlock(bo.lock)
    for (const fence of fences) yield* dma_fence_wait(fence)
    yield* radeon_bo_unbind(bo)
  },
)

/** What is beside the object is agreed to without a look at anything (002:2149-2150). */
function isOfInterest({ start, end }: radeon_bo, range: mmu_notifier_range): boolean {
  return start < range.end && range.start < end
}

const radeon_mn_ops = mmu_notifier_ops({
  release: radeon_mn_release,
  invalidate_range_start: radeon_mn_invalidate_range_start,
  invalidate_range_end: radeon_mn_invalidate_range_end,
})
