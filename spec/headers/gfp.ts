/** What an allocation may do to get memory: the flags, and where they count. */
import { plain, task, int } from '../../engine/symbol'

/** May reclaim itself, and so may sleep: what makes an allocation one that sleeps (002:3383-3384). */
export const __GFP_DIRECT_RECLAIM = 1 << 0
export const __GFP_IO = 1 << 1
export const __GFP_FS = 1 << 2
/** Lockdep learns nothing from it: the opt-out where its maps over-report (002:4974). */
export const __GFP_NOLOCKDEP = 1 << 3
export const __GFP_HIGH = 1 << 4

/** May reclaim with everything reclaim does, mmu notifiers included (002:1687-1691). */
export const GFP_KERNEL = __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS
/** Reclaims, without file systems (002:2124-2126). */
export const GFP_NOFS = __GFP_DIRECT_RECLAIM | __GFP_IO
export const GFP_NOIO = __GFP_DIRECT_RECLAIM
/** Never sleep, and may fail (002:2121-2122, 002:4918). */
export const GFP_NOWAIT = 0
export const GFP_ATOMIC = __GFP_HIGH

/** Whether an allocation with these flags may sleep. */
export function gfpflags_allow_blocking(gfp: number): boolean {
  return (gfp & __GFP_DIRECT_RECLAIM) !== 0
}

/** Runs before every allocation: what it may depend on is told, whether or not it will (002:1838-1844). */
export const slab_pre_alloc_hook = plain('slab_pre_alloc_hook', (gfp: number) => ({ gfp }))
/** Reclaims from within an allocation that may, if memory is short (002:4225-4227). */
export const try_to_free_pages = task('try_to_free_pages', (gfp: number) => ({ gfp }))

/** From here to the restore no allocation of the task enters file systems (002:2156-2159). */
export const memalloc_nofs_save = plain('memalloc_nofs_save', () => ({}), int)
/** Ends what the save began (002:2156-2159). */
export const memalloc_nofs_restore = plain('memalloc_nofs_restore', (flags: number) => ({ flags }))
