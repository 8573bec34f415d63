/**
 * Page migration: what a page holds moves to another frame, and neither CPUs nor devices can tell
 * (002:3804-3810). A page that somebody else holds a reference to stays where it is (002:3823-3831).
 *
 * Left out: entries of its own for pages on their way. An anonymous page is in the swap cache meanwhile, a
 * file's is in its file, and the next fault finds it there.
 */
import { writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { ZONE_DEVICE_BIAS } from '../../spec/headers/memremap'
import {
  alloc_page,
  migrate_page,
  put_page,
  try_to_unmap,
  trylock_page,
  unlock_page,
} from '../../spec/headers/mm'
import { EAGAIN, ENOMEM, type page, type swap_slot } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'
import { page_file } from './mm_types'
import { add_to_swap, swap_free } from './swap'
import { isolate_page } from './vmscan'

/** Moves a page that is number `index` of what it belongs to, if there is one. The model's own. */
export const migrate_index = symbol('migrate_index', function* (index: number): Task<void> {
  const page = yield* isolate_page(index, (frame) => frame.index === index)
  if (page) yield* migrate_page(page)
})

/**
 * Locks the page, takes it from everybody and moves it: until then whoever had it could write to it. Linux's own
 * (mm/migrate.c).
 */
define(migrate_page, function* (page) {
  if (!(yield* trylock_page(page))) {
    yield* put_page(page)
    return -EAGAIN
  }
  return yield* unmap_and_move(page, alloc_page)
})

/**
 * Of a page that the caller holds and has locked, both of which are over then. `moved` finds an anonymous page by its
 * slot, before the slot is let go. Linux's own (mm/migrate.c).
 */
export function* unmap_and_move(
  page: page,
  get_new_page: () => page | null,
  moved?: (slot: swap_slot) => Task<void>,
): Task<number> {
  const slot = page.mapping && !page_file(page) ? add_to_swap(page) : null
  yield* try_to_unmap(page)
  const ret = yield* move_to_new_page(page, get_new_page)
  unlock_page(page)
  if (ret === 0 && slot && moved) yield* moved(slot)
  if (slot) yield* swap_free(slot)
  yield* put_page(page)
  return ret
}

/** What the caller holds, what the cache does that finds the page, and the bias of device memory. Linux's own (mm/migrate.c). */
export function expected_page_refs({ pgmap }: page): number {
  return 2 + (pgmap ? ZONE_DEVICE_BIAS : 0)
}

/** Copies a page that nobody else holds, and puts the copy where the page was found. Linux's own (mm/migrate.c). */
export const move_to_new_page = symbol(
  'move_to_new_page',
  function* (page: page, get_new_page: () => page | null): AtomicTask<number> {
    yield* point('move page', page.pfn)
    writes(frameState)
    if (page._refcount !== expected_page_refs(page) || !page.mapping) return -EAGAIN
    if (!page_file(page) && !page.private) return -EAGAIN
    const copy = get_new_page()
    if (!copy) return -ENOMEM
    replace_in_cache(page, copy)
    return 0
  },
)

/** The cache's reference goes with it: the old frame is the caller's alone. Linux's own (mm/migrate.c). */
export function replace_in_cache(page: page, copy: page): void {
  copy.value = page.value
  copy.mapping = page.mapping
  copy.index = page.index
  copy.anon_exclusive = page.anon_exclusive
  page_file(page)?.i_pages.set(page.index, copy)
  copy.private = page.private
  if (copy.private) copy.private.page = copy
  page.private = null
  page.mapping = null
  page._refcount--
}
