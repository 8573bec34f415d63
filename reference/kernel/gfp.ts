/** What an allocation may do. What it does where memory is short is in `mm/vmscan.ts`. */
import { define } from '../../engine/symbol'
import {
  __GFP_FS,
  gfpflags_allow_blocking,
  memalloc_nofs_restore,
  memalloc_nofs_save,
  slab_pre_alloc_hook,
} from '../../spec/headers/gfp'
import { fs_reclaim_acquire, fs_reclaim_release } from '../../spec/headers/lockdep'
import { might_sleep } from '../../spec/headers/sched'
import { current } from './sched'

/** The flags that count where the task is (002:2156-2159). */
export function current_gfp_context(gfp: number): number {
  return current().memalloc_nofs ? gfp & ~__GFP_FS : gfp
}

/** Whoever allocates passes through reclaim for an instant: its locks come before all that reclaim takes. */
define(slab_pre_alloc_hook, (gfp) => {
  const flags = current_gfp_context(gfp)
  fs_reclaim_acquire(flags)
  fs_reclaim_release(flags)
  if (gfpflags_allow_blocking(flags)) might_sleep()
})

define(memalloc_nofs_save, () => {
  const task = current()
  const flags = task.memalloc_nofs ? 1 : 0
  task.memalloc_nofs = true
  return flags
})

define(memalloc_nofs_restore, (flags) => {
  current().memalloc_nofs = flags !== 0
})
