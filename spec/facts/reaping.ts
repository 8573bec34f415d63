/** Which tasks are in the oom reaper's context: from the entry of oom_reap_task_mm to its return. */
import { fact } from '../contract'

export interface Reap {
  readonly mm: string
  /** Passes that it has begun, and what became of each: null while its start runs. */
  readonly passes: { readonly start: number; readonly end: number; refused: boolean | null }[]
  /** It is between a pass's start and its end, or its refusal. */
  inPass: boolean
}

export interface Reaping {
  readonly byTask: Map<number, Reap>
  /** What each task did when it reaped last. */
  readonly last: Map<number, Reap>
}

export const reaping = fact({
  name: 'reaping',
  start: (): Reaping => ({ byTask: new Map(), last: new Map() }),
  on: {
    oom_reap_task_mm: ({ byTask }, { task, mm }) =>
      void byTask.set(task, { mm, passes: [], inPass: false }),
    'oom_reap_task_mm.return': ({ byTask, last }, { task }) => {
      const reap = byTask.get(task)
      if (reap) last.set(task, reap)
      byTask.delete(task)
    },
    mmu_notifier_invalidate_range_start_nonblock: ({ byTask }, { task, start, end }) => {
      const reap = byTask.get(task)
      if (!reap) return
      reap.passes.push({ start, end, refused: null })
      reap.inPass = true
    },
    'mmu_notifier_invalidate_range_start_nonblock.return': ({ byTask }, { task, result }) => {
      const reap = byTask.get(task)
      if (!reap) return
      reap.passes.at(-1)!.refused = result !== 0
      if (result !== 0) reap.inPass = false
    },
    'mmu_notifier_invalidate_range_end.return': ({ byTask }, { task }) => {
      const reap = byTask.get(task)
      if (reap) reap.inPass = false
    },
  },
})
