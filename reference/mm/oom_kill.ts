/** The oom reaper: frees a victim's memory without ever waiting for anybody (002:1614-1622). */
import { define, symbol } from '../../engine/symbol'
import { until, type Task } from '../../engine/task'
import { down_read_trylock, up_read } from '../../spec/headers/locking'
import { oom_reap_task, oom_reap_task_mm } from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start_nonblock,
} from '../../spec/headers/mmu_notifier'
import type { vm_area_struct } from '../../spec/headers/types'
import { zap_pages } from './mmap'
import { clear_range } from './mm_types'

/** Ten in Linux; each is one more chance for a schedule to repeat itself. */
const MAX_OOM_REAP_RETRIES = 2

/**
 * Between two attempts it sleeps: no pass is open then, and nothing but time is waited for. Linux's
 * own (mm/oom_kill.c).
 */
define(oom_reap_task, function* (mm) {
  for (let attempts = 1; !(yield* oom_reap_task_mm(mm)); attempts++) {
    if (attempts === MAX_OOM_REAP_RETRIES) break
    yield* until('schedule_timeout_idle', undefined, () => false, { mayTimeOut: true })
  }
  mm.oom_skip = true
})

/**
 * Reaps every area that is the victim's alone and whose notifiers can do without blocking: who refuses
 * keeps nobody else's memory (002:3421-3423). False if something had to be left.
 */
define(oom_reap_task_mm, function* (mm) {
  if (!(yield* down_read_trylock(mm.mmap_sem))) return false
  let all = true
  if (!mm.oom_skip)
    for (const vma of mm.mmap.filter(({ vm_file }) => !vm_file))
      all = (yield* oom_reap_vma(vma)) && all
  up_read(mm.mmap_sem)
  return all
})

/** A refused pass is over: its pages stay, and nobody is told of an end (000:2973-2975). */
export const oom_reap_vma = symbol('oom_reap_vma', function* (vma: vm_area_struct): Task<boolean> {
  const { vm_mm: mm, vm_start: start, vm_end: end } = vma
  const range = clear_range(mm, start, end)
  if (yield* mmu_notifier_invalidate_range_start_nonblock(range)) return false
  yield* zap_pages(mm, start, end)
  yield* mmu_notifier_invalidate_range_end(range)
  return true
})
