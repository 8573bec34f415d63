/**
 * Device memory with struct pages (ZONE_DEVICE): how it comes, who gets references to it, and how it goes.
 *
 * A page that nobody uses has one reference, the bias; whoever maps it or was given it has one more. It goes in three
 * steps: no new references, then no mappings, then no references at all (003:1).
 *
 * Left out: its sections, resources and zones; that it need not come as a whole.
 */
import { reads, writes } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { point, until } from '../../engine/task'
import {
  ZONE_DEVICE_BIAS,
  __init_zone_device_page,
  dev_pagemap_cleanup,
  dev_pagemap_kill,
  devm_memremap_pages,
  devm_munmap_pages,
  get_dev_pagemap,
  is_zone_device_page,
  put_dev_pagemap,
  type dev_pagemap,
} from '../../spec/headers/memremap'
import { put_page, unmap_mapping_pages } from '../../spec/headers/mm'
import { might_sleep } from '../../spec/headers/sched'
import { everyPage, frameState, pfn_to_page } from '../hardware/memory'
import {
  percpu_ref_kill,
  percpu_ref_put,
  percpu_ref_struct,
  percpu_ref_tryget_live,
} from '../kernel/percpu-refcount'
import { struct } from '../kernel/slab'

export const dev_pagemap_struct = struct('pgmap', (): dev_pagemap => ({
  name: 'pagemap',
  type: 'MEMORY_DEVICE_FS_DAX',
  ref: percpu_ref_struct(),
  pages: [],
  mapping: null as never,
}))

// ---- coming and going ------------------------------------------------------------------------------------

define(devm_memremap_pages, function* (pgmap) {
  for (const page of pgmap.pages) __init_zone_device_page(page, pgmap)
})

define(__init_zone_device_page, (page, pgmap) => {
  writes(frameState)
  page._refcount = ZONE_DEVICE_BIAS
  page.pgmap = pgmap
})

/** Pages may be mapped and held when it begins; what keeps it from ending is whoever holds one (003:1). */
define(devm_munmap_pages, function* (pgmap) {
  yield* dev_pagemap_kill(pgmap)
  yield* unmap_mapping_pages(pgmap.mapping, 0, everyPage)
  yield* dev_pagemap_cleanup(pgmap)
  for (const page of pgmap.pages) {
    writes(frameState)
    page.pgmap = null
    yield* put_page(page)
  }
})

/** Step 1: lookups fail from here on, and so does whatever needs one. */
define(dev_pagemap_kill, function* (pgmap) {
  yield* point('dev_pagemap_kill', pgmap)
  percpu_ref_kill(pgmap.ref)
})

/** Step 3: references go when their holders are done; no new ones come (003:1). */
define(dev_pagemap_cleanup, function* (pgmap) {
  might_sleep()
  yield* until('drain', pgmap, () => is_drained(pgmap))
})

/** Nobody looks it up, and every page is down to the bias (003:1). The model's own. */
export const is_drained = symbol('is_drained', ({ ref, pages }: dev_pagemap): boolean => {
  reads(frameState)
  return ref.count === 0 && pages.every(({ _refcount }) => _refcount === ZONE_DEVICE_BIAS)
})

// ---- using it --------------------------------------------------------------------------------------------------

/** Found and referenced in one step: it may be gone in the next. */
define(get_dev_pagemap, function* (pfn, pgmap) {
  reads(frameState)
  if (pgmap && pfn_to_page(pfn).pgmap === pgmap) return pgmap
  if (pgmap) yield* put_dev_pagemap(pgmap)
  yield* point('get_dev_pagemap', pfn)
  reads(frameState)
  const found = pfn_to_page(pfn).pgmap
  return found && percpu_ref_tryget_live(found.ref) ? found : null
})

define(put_dev_pagemap, function* (pgmap) {
  yield* point('put_dev_pagemap', pgmap)
  percpu_ref_put(pgmap.ref)
})

/** The page says so itself: a pagemap that was looked up for it could be gone by the answer (003:1). */
define(is_zone_device_page, (page) => {
  reads(frameState)
  return page.pgmap !== null
})
