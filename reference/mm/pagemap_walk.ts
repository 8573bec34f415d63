/** Lookups of pagemaps while a page table is walked, for those who need a reference. HMM needs none (003:1). */
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read, up_read } from '../../spec/headers/locking'
import {
  get_dev_pagemap,
  is_zone_device_page,
  put_dev_pagemap,
  walk_pmd_pagemaps,
} from '../../spec/headers/memremap'
import { HPAGE_PMD_NR, pmd_start } from '../../spec/headers/mm'
import type { mm_struct } from '../../spec/headers/types'
import { pfn_to_page } from '../hardware/memory'
import { read_present_pte } from './pgtable'

/** How many pages of [start, end) are device memory that may be used. The model's own. */
export const count_device_pages = symbol(
  'count_device_pages',
  function* (mm: mm_struct, start: number, end: number): Task<number> {
    yield* down_read(mm.mmap_sem)
    let count = 0
    for (let addr = start, next = start; addr < end; addr = next) {
      next = Math.min(end, pmd_start(addr) + HPAGE_PMD_NR)
      count += yield* walk_pmd_pagemaps(mm, addr, next)
    }
    up_read(mm.mmap_sem)
    return count
  },
)

/** What was found is kept for the pages that follow, and put once at the end (003:1). */
define(walk_pmd_pagemaps, function* (mm, start, end) {
  let count = 0
  let pgmap = null
  for (let addr = start; addr < end; addr++) {
    const entry = yield* read_present_pte(mm, addr)
    if (!entry || !is_zone_device_page(pfn_to_page(entry.pfn))) continue
    pgmap = yield* get_dev_pagemap(entry.pfn, pgmap)
    if (!pgmap) break
    count++
  }
  if (pgmap) yield* put_dev_pagemap(pgmap)
  return count
})
