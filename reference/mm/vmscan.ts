/** Reclaim of one page: isolated, unmapped everywhere, freed if nobody else holds it. */
import { writes } from '../../engine/footprint'
import { symbol } from '../../engine/symbol'
import { point, type Task } from '../../engine/task'
import { GFP_KERNEL } from '../../spec/headers/gfp'
import { fs_reclaim_acquire, fs_reclaim_release } from '../../spec/headers/lockdep'
import { put_page, try_to_unmap } from '../../spec/headers/mm'
import type { anon_vma, page } from '../../spec/headers/types'
import { frames, frameState } from '../hardware/memory'

/** Reclaims the page that `anon_vma` has at `index`, if there is one. */
export const shrink_page = symbol(
  'shrink_page',
  function* (anon_vma: anon_vma, index: number): Task<void> {
    const page = yield* isolate_page(anon_vma, index)
    if (!page) return
    fs_reclaim_acquire(GFP_KERNEL)
    yield* try_to_unmap(page)
    fs_reclaim_release(GFP_KERNEL)
    yield* put_page(page)
  },
)

/** Takes a reference, which keeps the frame from being anybody else's. */
function* isolate_page(anon_vma: anon_vma, index: number): Task<page | null> {
  yield* point('isolate page', index)
  writes(frameState)
  const page = frames().find(
    (frame) => frame._refcount > 0 && frame.mapping === anon_vma && frame.index === index,
  )
  if (!page) return null
  page._refcount++
  return page
}
