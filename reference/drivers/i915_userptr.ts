/**
 * User memory that a GPU job works on, in the pattern of i915's userptr: an invalidation of it waits until
 * the job is done (002:2556-2558), and refuses where it may not wait (002:872-874).
 *
 * The end of a job arrives as an interrupt, and nothing on its way allocates or waits (002:2896-2902).
 * Left out: the GPU's entries, and the references that keep the pages from being anybody else's meanwhile.
 */
import { reads, writes } from '../../engine/footprint'
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { driver_interest } from '../../spec/headers/device'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc } from '../../spec/headers/mm'
import {
  mmu_notifier_ops,
  mmu_notifier_register,
  mmu_notifier_unregister,
} from '../../spec/headers/mmu_notifier'
import { EAGAIN } from '../../spec/headers/types'
import type {
  mm_struct,
  mmu_notifier,
  mmu_notifier_range,
  spinlock_t,
} from '../../spec/headers/types'
import { dma_fence_signal, dma_fence_wait, type dma_fence } from '../../spec/headers/workqueue'
import { dma_fence_struct } from '../kernel/dma-fence'
import { request_irq } from '../kernel/irq'
import { GFP_KERNEL, container_of, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'
import { mmu_notifier_range_blockable, mmu_notifier_struct } from '../mm/mmu_notifier'

/** Memory [start, end) of `mm`. `lock` protects `busy`: a job is under way, and `done` is its fence. */
export interface userptr {
  readonly mm: mm_struct
  readonly start: number
  readonly end: number
  readonly lock: spinlock_t
  readonly mmu_notifier: mmu_notifier
  readonly done: dma_fence
  busy: boolean
}

/** The engine that runs the job: it is done whenever the schedule says so. */
interface Engine {
  readonly name: string
  running: boolean
}

const userptr_struct = struct('userptr', (): userptr => ({
  mm: null as never,
  start: 0,
  end: 0,
  lock: spinlock({ name: 'userptr.lock' }),
  mmu_notifier: mmu_notifier_struct(),
  done: dma_fence_struct({ name: 'userptr.done' }),
  busy: false,
}))

/**
 * Runs one job on [start, end) and waits for it. The caller keeps the address space alive
 * (002:2556-2558).
 */
export const i915_gem_userptr_job = symbol(
  'i915_gem_userptr_job',
  function* (mm: mm_struct, start: number, end: number): Task<void> {
    const obj = userptr_struct({ mm, start, end })
    yield* kmalloc(obj, GFP_KERNEL)
    obj.mmu_notifier.ops = userptr_mmu_notifier_ops
    driver_interest(obj.mmu_notifier, start, end)
    if ((yield* mmu_notifier_register(obj.mmu_notifier, mm)) === 0) {
      yield* userptr_submit(obj)
      yield* dma_fence_wait(obj.done)
      yield* mmu_notifier_unregister(obj.mmu_notifier, mm)
    }
    yield* kfree(obj)
  },
)

/** Gives the job to the engine, which raises its interrupt when it has finished (002:2896-2897). */
export const userptr_submit = symbol('userptr_submit', function* (obj: userptr): AtomicTask<void> {
  const engine: Engine = { name: 'render engine', running: false }
  const finished = () => {
    reads(engine.name)
    return engine.running
  }
  request_irq(engine.name, finished, function* () {
    writes(engine.name)
    engine.running = false
    yield* userptr_complete(obj)
  })
  yield* spin_lock(obj.lock)
  obj.busy = true
  spin_unlock(obj.lock)
  writes(engine.name)
  engine.running = true
})

/**
 * In the interrupt: whoever waits may be reclaim, so nothing here may need memory (002:2896-2902).
 */
export const userptr_complete = symbol(
  'userptr_complete',
  function* (obj: userptr): AtomicTask<void> {
    yield* spin_lock(obj.lock)
    obj.busy = false
    spin_unlock(obj.lock)
    dma_fence_signal(obj.done)
  },
)

/** Waits without any lock until nothing of the range is in use (002:2617-2619). */
export const userptr_mn_invalidate_range_start = symbol(
  'userptr_mn_invalidate_range_start',
  function* (mn: mmu_notifier, range: mmu_notifier_range): Task<number> {
    const obj = container_of<userptr>(mn)
    // What is not of interest is agreed to without a look at anything (002:2149-2150).
    if (range.end <= obj.start || obj.end <= range.start) return 0
    yield* spin_lock(obj.lock)
    const { busy } = obj
    spin_unlock(obj.lock)
    if (!busy) return 0
    if (!mmu_notifier_range_blockable(range)) return -EAGAIN
    yield* dma_fence_wait(obj.done)
    return 0
  },
)

const userptr_mmu_notifier_ops = mmu_notifier_ops({
  invalidate_range_start: userptr_mn_invalidate_range_start,
})
