/** The oom reaper: frees a victim's memory without ever waiting for anybody (002:1614-1622). */
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read_trylock, up_read } from '../../spec/headers/locking'
import { oom_reap_task_mm } from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start_nonblock,
} from '../../spec/headers/mmu_notifier'
import { MMU_NOTIFY_CLEAR } from '../../spec/headers/types'
import type { mmu_notifier_range, vm_area_struct } from '../../spec/headers/types'
import { zap_pages } from './mmap'

/** Reaps every area whose notifiers can do without blocking. False if something had to be left. */
define(oom_reap_task_mm, function* (mm) {
  if (!(yield* down_read_trylock(mm.mmap_sem))) return false
  let all = true
  if (!mm.oom_skip) for (const vma of mm.mmap) all = (yield* oom_reap_vma(vma)) && all
  up_read(mm.mmap_sem)
  return all
})

/** A refused pass is over: its pages stay, and nobody is told of an end (000:2973-2975). */
export const oom_reap_vma = symbol('oom_reap_vma', function* (vma: vm_area_struct): Task<boolean> {
  const { vm_mm: mm, vm_start: start, vm_end: end } = vma
  const range: mmu_notifier_range = { mm, start, end, flags: 0, event: MMU_NOTIFY_CLEAR }
  if (yield* mmu_notifier_invalidate_range_start_nonblock(range)) return false
  yield* zap_pages(mm, start, end)
  yield* mmu_notifier_invalidate_range_end(range)
  return true
})
