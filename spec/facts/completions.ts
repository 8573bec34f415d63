/** Fences that invalidations wait for, and what whoever signals one has done on the way. */
import { fact } from '../contract'
import { gfpflags_allow_blocking } from '../headers/gfp'
import { callbacks, callbacksOf } from './callbacks'
import { gpuJobs } from './gpu-jobs'

/** From the interrupt, or the beginning of the operation, to the signal. */
export interface Flow {
  readonly locks: Map<string, string>
  reclaims: boolean
}

export interface Completions {
  /** Fences that a start or a sync has waited for, also those of others behind them, and on which notifier or mirror. */
  readonly waited: Map<string, string>
  readonly flows: Map<number, Flow>
  /** How each fence was signalled. */
  readonly signalled: Map<string, Flow>
}

export const completions = fact({
  name: 'completions',
  uses: { callbacks, gpuJobs },
  start: (): Completions => ({ waited: new Map(), flows: new Map(), signalled: new Map() }),
  on: {
    dma_fence_wait: ({ waited }, { task, fence }, { callbacks, gpuJobs }) => {
      const inside = callbacksOf(callbacks, task).at(-1)
      if (inside?.op !== 'start' && inside?.op !== 'sync') return
      for (let next = fence; !waited.has(next); next = gpuJobs.byFence.get(next)?.after ?? next)
        waited.set(next, inside.on)
    },
    operation: (state, { task }) => begin(state, task),
    handle_irq: (state, { task }) => begin(state, task),
    spin_lock: ({ flows }, { task, lock, name }) => void flows.get(task)?.locks.set(lock, name),
    mutex_lock: ({ flows }, { task, lock, name }) => void flows.get(task)?.locks.set(lock, name),
    kmalloc: ({ flows }, { task, gfp }) => {
      const flow = flows.get(task)
      if (flow && gfpflags_allow_blocking(gfp)) flow.reclaims = true
    },
    dma_fence_signal: ({ flows, signalled }, { task, fence }) => {
      const flow = flows.get(task)
      if (flow) signalled.set(fence, { locks: new Map(flow.locks), reclaims: flow.reclaims })
    },
  },
})

function begin({ flows }: Completions, task: number): void {
  flows.set(task, { locks: new Map(), reclaims: false })
}
