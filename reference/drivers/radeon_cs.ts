/**
 * Jobs of a GPU that cannot fault, in the pattern of radeon and amdgpu: before each the object is bound as the process
 * has it then, and the fence of the job tells invalidations when it is over (002:3846-3853).
 */
import { range, without } from 'lodash'
import { symbol } from '../../engine/symbol'
import { type AtomicTask, type Task } from '../../engine/task'
import { gpu_done, gpu_submit, type gpu_job } from '../../spec/headers/jobs'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { get_user_pages_fast, put_user_page } from '../../spec/headers/mm'
import { EFAULT } from '../../spec/headers/types'
import type { page } from '../../spec/headers/types'
import { dma_fence_signal, dma_fence_wait, type dma_fence } from '../../spec/headers/workqueue'
import { gpu_ring_write } from '../devices/fenced-gpu'
import { dma_fence_struct } from '../kernel/dma-fence'
import { struct } from '../kernel/slab'
import { wait_event } from '../kernel/wait'
import { radeon_bo_bind, type radeon_bo } from './radeon_mn'

const radeon_job_struct = struct('radeon_job', (): gpu_job => ({
  name: 'radeon job',
  mm: null as never,
  start: 0,
  end: 0,
  fence: null as never,
}))

/**
 * Has the GPU write to the object's pages [start, end), and waits until it has. The job begins when `after` is
 * signalled. 0 or -errno (002:3846-3850). The caller keeps the address space alive.
 */
export const radeon_cs_ioctl = symbol(
  'radeon_cs_ioctl',
  function* (bo: radeon_bo, start: number, end: number, after: dma_fence | null): Task<number> {
    for (;;) {
      const ret = yield* radeon_bo_validate(bo)
      if (ret !== 0) return ret
      const fence = yield* radeon_cs_submit(bo, start, end, after)
      if (!fence) continue
      yield* dma_fence_wait(fence)
      return 0
    }
  },
)

/** Binds the object unless it is bound, as the process has it now. 0 or -errno (002:3846-3850). */
export const radeon_bo_validate = symbol(
  'radeon_bo_validate',
  function* (bo: radeon_bo): Task<number> {
    for (;;) {
      yield* wait_event(bo.wq, () => bo.invalidating === 0)
      yield* spin_lock(bo.lock)
      const { pages: bound, invalidating, invalidations } = bo
      spin_unlock(bo.lock)
      if (bound.length > 0) return 0
      // A pass that has begun since we looked may be over before we bind: it would not count as a collision.
      if (invalidating > 0) continue
      const pages = yield* radeon_ttm_tt_pin_userptr(bo)
      if (!pages) return -EFAULT
      if (yield* radeon_bo_bind(bo, pages, invalidations)) return 0
      for (const page of pages) yield* put_user_page(page)
    }
  },
)

/** References to all pages of the object; null if one cannot be had (002:3823-3827). */
export const radeon_ttm_tt_pin_userptr = symbol(
  'radeon_ttm_tt_pin_userptr',
  function* ({ mm, start, end }: radeon_bo): Task<readonly page[] | null> {
    const pages: page[] = []
    for (let addr = start; addr < end; addr++) {
      const page = yield* get_user_pages_fast(mm, addr, true)
      if (page) pages.push(page)
      else {
        for (const pinned of pages) yield* put_user_page(pinned)
        return null
      }
    }
    return pages
  },
)

/** Puts a job into the ring if the object is bound, and stays so; null otherwise (002:3846-3850). */
export const radeon_cs_submit = symbol(
  'radeon_cs_submit',
  function* (
    bo: radeon_bo,
    start: number,
    end: number,
    after: dma_fence | null,
  ): AtomicTask<dma_fence | null> {
    yield* spin_lock(bo.lock)
    // A start that waits for those before has not unbound the object yet.
    const isBound = bo.pages.length > 0 && bo.invalidating === 0
    const fence = isBound ? radeon_ring_job(bo, start, end, after) : null
    spin_unlock(bo.lock)
    return fence
  },
)

/** The fence of a new job. `lock` is held. Linux's own (drivers/gpu/drm/radeon/radeon_fence.c). */
export function radeon_ring_job(
  bo: radeon_bo,
  start: number,
  end: number,
  after: dma_fence | null,
): dma_fence {
  const fence = dma_fence_struct({ name: 'radeon.fence' })
  const job = radeon_job_struct({ mm: bo.mm, start, end, fence })
  bo.fences = [...bo.fences, fence]
  gpu_submit(job, bo.gpu.device, bo.mn, after)
  gpu_ring_write(bo.gpu, {
    pages: range(start, end),
    mayBegin: () => after === null || after.signaled,
    finished: () => radeon_fence_process(bo, job),
  })
  return fence
}

/** In the interrupt: whoever waits may be reclaim, so nothing here may need memory (002:2896-2902). */
export const radeon_fence_process = symbol(
  'radeon_fence_process',
  function* (bo: radeon_bo, job: gpu_job): AtomicTask<void> {
    gpu_done(job)
    yield* spin_lock(bo.lock)
    bo.fences = without(bo.fences, job.fence)
    spin_unlock(bo.lock)
    dma_fence_signal(job.fence)
  },
)
