/** References to a process's pages. Nobody is told of them; they keep a page from being freed (002:3823-3831). */
import { writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { point, type AtomicTask, type Task } from '../../engine/task'
import { down_read, spin_lock, spin_unlock, up_read } from '../../spec/headers/locking'
import {
  find_vma,
  get_page,
  get_user_pages,
  get_user_pages_fast,
  handle_mm_fault,
  put_page,
  put_user_page,
  trylock_page,
  unlock_page,
} from '../../spec/headers/mm'
import { get_dev_pagemap, is_zone_device_page, put_dev_pagemap } from '../../spec/headers/memremap'
import { EFAULT, ZERO_PFN } from '../../spec/headers/types'
import type { mm_struct, page, pte } from '../../spec/headers/types'
import { frameState, pfn_to_page } from '../hardware/memory'
import { present_pte, read_present_pte } from './pgtable'

/**
 * Faults until the entry allows what is wanted, and takes the reference under the page table lock
 * (002:3829-3832).
 */
define(get_user_pages, function* (mm, addr, write) {
  for (;;) {
    const page = yield* follow_page(mm, addr, write)
    if (typeof page === 'number') return null
    if (page) return page
    if (yield* handle_mm_fault(mm, addr, write)) return null
  }
})

/** The page with a reference, null if it must be faulted in, -errno if no fault would help. */
function* follow_page(
  mm: mm_struct,
  addr: number,
  write: boolean,
): AtomicTask<page | null | number> {
  yield* spin_lock(mm.page_table_lock)
  const entry = present_pte(mm, addr)
  const page = entry && allows(entry, write) ? pfn_to_page(entry.pfn) : null
  const isRefused = page !== null && !(yield* try_get_page(page))
  spin_unlock(mm.page_table_lock)
  return isRefused ? -EFAULT : page
}

/**
 * A reference to a page that is mapped; of device memory only as long as new ones are given (003:1).
 */
export const try_get_page = symbol('try_get_page', function* (page: page): AtomicTask<boolean> {
  const isDeviceMemory = is_zone_device_page(page)
  const pgmap = isDeviceMemory ? yield* get_dev_pagemap(page.pfn, null) : null
  if (isDeviceMemory && !pgmap) return false
  yield* get_page(page)
  if (pgmap) yield* put_dev_pagemap(pgmap)
  return true
})

/**
 * Reads the entry without a lock, takes the reference unless the page is free, and looks again
 * (002:3823-3827). Device memory goes the slow way.
 */
define(get_user_pages_fast, function* (mm, addr, write) {
  const entry = yield* read_present_pte(mm, addr)
  if (entry && allows(entry, write)) {
    const page = pfn_to_page(entry.pfn)
    if (!is_zone_device_page(page) && (yield* get_page_unless_zero(page))) {
      if ((yield* read_present_pte(mm, addr)) === entry) return page
      yield* put_page(page)
    }
  }
  yield* down_read(mm.mmap_sem)
  const page = yield* get_user_pages(mm, addr, write)
  up_read(mm.mmap_sem)
  return page
})

/** The anonymous page of normal memory at `addr`, unless it is being changed. The model's own. */
export function* get_and_lock(mm: mm_struct, addr: number): Task<page | null> {
  if (find_vma(mm, addr)?.anon_vma == null) return null
  yield* spin_lock(mm.page_table_lock)
  const pfn = present_pte(mm, addr)?.pfn ?? ZERO_PFN
  const page = pfn === ZERO_PFN ? null : pfn_to_page(pfn)
  if (page) yield* get_page(page)
  spin_unlock(mm.page_table_lock)
  if (!page || (yield* trylock_page(page))) return page
  yield* put_page(page)
  return null
}

/** Gives back what {@link get_and_lock} took. The model's own. */
export function* unlock_and_put(page: page): AtomicTask<void> {
  unlock_page(page)
  yield* put_page(page)
}

/** A reference like any other; the name says whose it was. Linux's own (include/linux/mm.h). */
define(put_user_page, put_page)

function* get_page_unless_zero(page: page): AtomicTask<boolean> {
  yield* point('get_page_unless_zero', page.pfn)
  writes(frameState)
  if (page._refcount === 0) return false
  page._refcount++
  return true
}

function allows(entry: pte, write: boolean): boolean {
  return entry.write || !write
}
