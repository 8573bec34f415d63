/** The page lock, and the page cache: the pages of files that are in memory. */
import { reads, writes } from '../../engine/footprint'
import { Oops } from '../../engine/errors'
import { define, symbol } from '../../engine/symbol'
import { point, until, type Task } from '../../engine/task'
import {
  alloc_page,
  get_page,
  lock_page,
  put_page,
  trylock_page,
  unlock_page,
} from '../../spec/headers/mm'
import { might_sleep, schedule } from '../../spec/headers/sched'
import type { address_space, page } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'
import { current } from '../kernel/sched'

/** Held by whoever maps a page of a file, unmaps it everywhere or takes it out (001:298-309). */
define(lock_page, function* (page) {
  might_sleep()
  yield* point('lock_page', page.pfn)
  if (isLocked(page)) {
    schedule(`lock_page ${page.pfn}`)
    yield* until('lock_page', page.pfn, () => !isLocked(page), {
      owners: () => (page.locked === null ? [] : [page.locked]),
    })
  }
  writes(frameState)
  page.locked = current().pid
})

define(trylock_page, function* (page) {
  yield* point('trylock_page', page.pfn)
  if (isLocked(page)) return 0
  writes(frameState)
  page.locked = current().pid
  return 1
})

/** Lets the page go; only who locked it may. Linux's own (mm/filemap.c). */
define(unlock_page, (page) => {
  writes(frameState)
  if (page.locked !== current().pid)
    throw new Oops(`unlock_page of ${page.pfn}, held by another task`)
  page.locked = null
})

function isLocked(page: page): boolean {
  reads(frameState)
  return page.locked !== null
}

/**
 * The page of a file at `index`, locked and with a reference; read in if need be, null without
 * memory. Linux's own (include/linux/pagemap.h).
 */
export const find_lock_page = symbol(
  'find_lock_page',
  function* (mapping: address_space, index: number): Task<page | null> {
    for (;;) {
      const page = mapping.i_pages.get(index) ?? read_page(mapping, index)
      if (!page) return null
      yield* get_page(page)
      yield* lock_page(page)
      // Taken out of the file while its lock was waited for.
      if (page.mapping === mapping) return page
      unlock_page(page)
      yield* put_page(page)
    }
  },
)

/** A fresh frame with what the file has at `index`; the file keeps its first reference. */
function read_page(mapping: address_space, index: number): page | null {
  const page = alloc_page()
  if (!page) return null
  writes(frameState)
  Object.assign(page, { mapping, index, value: mapping.stored.get(index) ?? 0 })
  mapping.i_pages.set(index, page)
  return page
}

/**
 * Takes a page out of its file; its lock is held. The file's reference goes with it. Linux's own
 * (mm/filemap.c).
 */
export const delete_from_page_cache = symbol(
  'delete_from_page_cache',
  function* (mapping: address_space, page: page): Task<void> {
    mapping.i_pages.delete(page.index)
    writes(frameState)
    page.mapping = null
    yield* put_page(page)
  },
)
