/**
 * Compaction: pages that can be moved are migrated, in the order of their frames, in the context of whoever wants memory. It
 * reaches notifiers as reclaim does (002:412-417).
 *
 * Left out: allocations that compact, because only one of several frames in a row would, and that goes page by page here
 * (mm/huge_memory.ts); where pages go, which is any free frame; and an end before all pages were tried.
 */
import { reads } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { __GFP_IO } from '../../spec/headers/gfp'
import { fs_reclaim_acquire, fs_reclaim_release } from '../../spec/headers/lockdep'
import { migrate_page, put_page, try_to_compact_pages } from '../../spec/headers/mm'
import type { page } from '../../spec/headers/types'
import { frames, frameState } from '../hardware/memory'
import { file_system_allows, isolate_page } from './vmscan'

/** Nothing is moved for who may not begin I/O (002:2124-2125). */
define(try_to_compact_pages, function* (gfp) {
  if ((gfp & __GFP_IO) === 0) return 0
  let moved = 0
  for (const candidate of pages_in_use()) {
    const page = yield* isolate_page('', (frame) => frame === candidate)
    if (page && (yield* compact_page(page, gfp))) moved++
  }
  return moved
})

/** As of the beginning: what is moved is not moved again. The model's own. */
function pages_in_use(): page[] {
  reads(frameState)
  return frames().filter(({ _refcount, mapping }) => _refcount > 0 && mapping !== null)
}

/** Moves a page, with the reference that its isolation took. True if it was moved. The model's own. */
export const compact_page = symbol(
  'compact_page',
  function* (page: page, gfp: number): Task<boolean> {
    if (!file_system_allows(page, gfp)) {
      yield* put_page(page)
      return false
    }
    fs_reclaim_acquire(gfp)
    const ret = yield* migrate_page(page)
    fs_reclaim_release(gfp)
    return ret === 0
  },
)
