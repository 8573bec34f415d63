/**
 * Swap: slots that keep the content of anonymous pages, and the swap cache, where a page is found while
 * it goes out or comes in.
 *
 * Left out: the device behind it, and running out of slots.
 */
import { reads, writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { symbol } from '../../engine/symbol'
import { type AtomicTask } from '../../engine/task'
import { put_page } from '../../spec/headers/mm'
import type { page, swap_slot } from '../../spec/headers/types'
import { frameState } from '../hardware/memory'

/** Slots in use. */
export const swapSlots = perRun(() => new Set<swap_slot>())

/** The slots and their counts, in footprints. */
const swapState = 'swap'

/**
 * Puts a page into the swap cache. The caller holds its lock, and one use of the slot. Linux's own
 * (mm/swap_state.c).
 */
export function add_to_swap(page: page): swap_slot {
  writes(swapState)
  writes(frameState)
  if (page.private) return swap_duplicate(page.private)
  const slot: swap_slot = { value: page.value, count: 1, page }
  swapSlots().add(slot)
  page.private = slot
  page._refcount++
  return slot
}

/** The frame that has the slot's content, if there is one. Linux's own (mm/swap_state.c). */
export function lookup_swap_cache(slot: swap_slot): page | null {
  reads(swapState)
  return slot.page
}

/** Fills a fresh frame with the slot's content. Linux's own (mm/page_io.c). */
export function swap_readpage(slot: swap_slot, page: page): void {
  reads(swapState)
  writes(frameState)
  page.value = slot.value
}

/** One entry more names the slot. Linux's own (mm/swapfile.c). */
export function swap_duplicate(slot: swap_slot): swap_slot {
  writes(swapState)
  slot.count++
  return slot
}

/**
 * One entry less names the slot; without any the slot is free, and the cache lets its page go.
 * Linux's own (mm/swapfile.c).
 */
export const swap_free = symbol('swap_free', function* (slot: swap_slot): AtomicTask<void> {
  writes(swapState)
  slot.count--
  if (slot.count > 0) return
  swapSlots().delete(slot)
  const page = slot.page
  if (!page) return
  delete_from_swap_cache(slot, page)
  yield* put_page(page)
})

/**
 * Writes a page out and takes it from the swap cache, whose reference the caller now has. The
 * model's own: pageout, which here is over at once.
 */
export function write_to_swap(slot: swap_slot, page: page): void {
  writes(swapState)
  slot.value = page.value
  delete_from_swap_cache(slot, page)
}

function delete_from_swap_cache(slot: swap_slot, page: page): void {
  writes(frameState)
  slot.page = null
  page.private = null
}
