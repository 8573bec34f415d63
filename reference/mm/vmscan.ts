/**
 * Reclaim: a page is isolated, locked, unmapped everywhere, written out, and freed if nobody else holds it.
 *
 * Left out: ageing. Every page that something maps or a file has is as good as any other, and dirty. Page
 * frames do not run short: it is kmalloc that reclaims, where an operation has made memory low.
 */
import { reads, writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { GFP_KERNEL, __GFP_FS, __GFP_IO, try_to_free_pages } from '../../spec/headers/gfp'
import { fs_reclaim_acquire, fs_reclaim_release } from '../../spec/headers/lockdep'
import {
  balance_pgdat,
  put_page,
  do_try_to_free_pages,
  try_to_unmap,
  trylock_page,
  unlock_page,
} from '../../spec/headers/mm'
import type { page } from '../../spec/headers/types'
import { frames, frameState } from '../hardware/memory'
import { current_gfp_context } from '../kernel/gfp'
import { page_file } from './mm_types'
import { add_to_swap, swap_free, write_to_swap } from './swap'

/** How many pages are missing below what must stay free. */
const shortage = perRun(() => ({ pages: 0 }))
const shortageState = 'free memory'

/**
 * Memory becomes short by `pages`: the next allocation that may reclaim looks for them. The model's own.
 */
export function memory_runs_low(pages: number): void {
  writes(shortageState)
  shortage().pages = pages
}

/** Whether the next allocation that may reclaim will. The model's own. */
export function memory_is_low(): boolean {
  reads(shortageState)
  return shortage().pages > 0
}

/** From within an allocation, whatever its caller holds (002:4323-4325). Others need not look for the same. */
define(try_to_free_pages, function* (gfp) {
  reads(shortageState)
  const { pages } = shortage()
  if (pages === 0) return
  memory_runs_low(0)
  yield* do_try_to_free_pages(pages, current_gfp_context(gfp))
})

/** Memory is short and the caller wants some: it looks for it itself (002:4210-4223). */
define(do_try_to_free_pages, function* (nr, gfp) {
  return yield* shrink_node(nr, gfp)
})

/** Memory is short and nobody waits for it (002:4241-4242). */
define(balance_pgdat, function* (nr) {
  return yield* shrink_node(nr, GFP_KERNEL)
})

/** Reclaims up to `nr` pages in the order of their frames (002:4210-4217). */
export const shrink_node = symbol('shrink_node', function* (nr: number, gfp: number): Task<number> {
  let freed = 0
  for (const candidate of frames()) {
    if (freed >= nr) break
    const page = yield* isolate_page('', (frame) => frame === candidate)
    if (page && (yield* shrink_page(page, gfp))) freed++
  }
  return freed
})

/**
 * Reclaims a page that is number `index` of what it belongs to, if there is one. The model's own.
 */
export const shrink_index = symbol('shrink_index', function* (index: number): Task<void> {
  const page = yield* isolate_page(index, (frame) => frame.index === index)
  if (page) yield* shrink_page(page, GFP_KERNEL)
})

/**
 * Reclaims a page, with the reference that its isolation took. True if nothing held it any longer.
 * The model's own.
 */
export const shrink_page = symbol(
  'shrink_page',
  function* (page: page, gfp: number): Task<boolean> {
    if (!may_swap(page, gfp) || !(yield* trylock_page(page))) {
      yield* put_page(page)
      return false
    }
    fs_reclaim_acquire(gfp)
    const slot = page.mapping && !page_file(page) ? add_to_swap(page) : null
    yield* try_to_unmap(page)
    const freed = file_system_allows(page, gfp) && (yield* remove_mapping(page))
    unlock_page(page)
    if (slot) yield* swap_free(slot)
    fs_reclaim_release(gfp)
    yield* put_page(page)
    return freed
  },
)

/** Without I/O an anonymous page stays where it is. */
function may_swap(page: page, gfp: number): boolean {
  return page_file(page) !== null || (gfp & __GFP_IO) !== 0
}

/**
 * Without file systems a file's page is not moved, and stays in its file though reclaim has unmapped it and told drivers.
 * The model's own.
 */
export function file_system_allows(page: page, gfp: number): boolean {
  return page_file(page) === null || (gfp & __GFP_FS) !== 0
}

/**
 * Takes a reference, which keeps the frame from being anybody else's. Device memory is not looked at. Linux's own
 * (mm/vmscan.c).
 */
export function* isolate_page(
  subject: number | string,
  wanted: (frame: page) => boolean,
): AtomicTask<page | null> {
  yield* point('isolate page', subject)
  writes(frameState)
  const page = frames().find(
    (frame) => frame._refcount > 0 && frame.mapping !== null && !frame.pgmap && wanted(frame),
  )
  if (!page) return null
  page._refcount++
  return page
}

/** What the caller holds, and what the cache does that finds the page. */
const refsOfNobodyElse = 2

/**
 * Takes a page that nobody else holds out of its cache, its content kept elsewhere. Linux's own
 * (mm/vmscan.c).
 */
export const remove_mapping = symbol('remove_mapping', function* (page: page): AtomicTask<boolean> {
  yield* point('remove mapping', page.pfn)
  writes(frameState)
  if (page._refcount !== refsOfNobodyElse || !page.mapping) return false
  const file = page_file(page)
  if (file) {
    file.stored.set(page.index, page.value)
    file.i_pages.delete(page.index)
    page.mapping = null
  } else if (page.private) write_to_swap(page.private, page)
  else return false
  page._refcount--
  return true
})
