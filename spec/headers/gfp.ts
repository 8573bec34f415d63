/** What an allocation may do to get memory. */

/** May reclaim itself, and so may sleep: what makes an allocation one that sleeps (002:3383-3384). */
export const __GFP_DIRECT_RECLAIM = 1 << 0
export const __GFP_IO = 1 << 1
export const __GFP_FS = 1 << 2

/** May reclaim with everything reclaim does, mmu notifiers included (002:1687-1691). */
export const GFP_KERNEL = __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS
/** Reclaims, without file systems (002:2124-2126). */
export const GFP_NOFS = __GFP_DIRECT_RECLAIM | __GFP_IO
/** Never sleeps, and may fail (002:2121-2122). */
export const GFP_NOWAIT = 0

/** Whether an allocation with these flags may sleep. */
export function gfpflags_allow_blocking(gfp: number): boolean {
  return (gfp & __GFP_DIRECT_RECLAIM) !== 0
}
