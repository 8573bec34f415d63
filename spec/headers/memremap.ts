/** Device memory that has struct pages, ZONE_DEVICE: how it is added, looked up and taken away (003:1). */
import { id } from '../../engine/ids'
import { atomic, bool, int, plain, pointer, task } from '../../engine/symbol'
import type { address_space, mm_struct, page } from './types'

/** A count that can be closed: once it is dead nobody gets a reference, and those that are out come back. */
export interface percpu_ref {
  count: number
  dead: boolean
}

/** A device's memory from its arrival to its removal. */
export interface dev_pagemap {
  readonly name: string
  readonly type: memory_type
  /** Lookups under way, and one for being there. */
  readonly ref: percpu_ref
  readonly pages: readonly page[]
  /** The file through which processes map it; nobody's, if no CPU reaches it. */
  readonly mapping: address_space
}

/** Which the processes map through a file, or which no CPU reaches at all (include/linux/memremap.h). */
export type memory_type = 'MEMORY_DEVICE_FS_DAX' | 'MEMORY_DEVICE_PRIVATE'

/** What a page of device memory counts while nobody uses it (003:1). */
export const ZONE_DEVICE_BIAS = 1

const pgmapId = (pgmap: dev_pagemap | null) => id('pgmap', pgmap)
const shown = (pgmap: dev_pagemap) => ({ pgmap: pgmapId(pgmap) })

/** The memory of a device becomes pages, which nobody uses yet. Linux's own (kernel/memremap.c). */
export const devm_memremap_pages = task('devm_memremap_pages', shown)
/** A page frame becomes a page of device memory. Linux's own (mm/page_alloc.c). */
export const __init_zone_device_page = plain(
  '__init_zone_device_page',
  (page: page, pgmap: dev_pagemap) => ({ pfn: page.pfn, pgmap: pgmapId(pgmap) }),
)
/** Takes the memory away, whoever uses it: disable, invalidate, drain. Over when the last use is (003:1). */
export const devm_munmap_pages = task('devm_munmap_pages', shown)
/** Disable: from here on nobody gets a new reference. Linux's own (kernel/memremap.c). */
export const dev_pagemap_kill = atomic('dev_pagemap_kill', shown)
/** Drain: waits until every reference is given back. Linux's own (kernel/memremap.c). */
export const dev_pagemap_cleanup = task('dev_pagemap_cleanup', shown)

/**
 * The pagemap of a pfn, with a reference; null if there is none or it is on its way out. `pgmap` is one that the caller
 * holds already: it is the answer if it fits, and is put if not. Linux's own (kernel/memremap.c).
 */
export const get_dev_pagemap = atomic(
  'get_dev_pagemap',
  (pfn: number, pgmap: dev_pagemap | null) => ({ pfn, pgmap: pgmapId(pgmap) }),
  pointer((found: dev_pagemap | null) => pgmapId(found)),
)
/** Gives the reference of a lookup back. Linux's own (include/linux/memremap.h). */
export const put_dev_pagemap = atomic('put_dev_pagemap', shown)
/** Whether a page is device memory. No pagemap is looked up for it. Linux's own (include/linux/mm.h). */
export const is_zone_device_page = plain(
  'is_zone_device_page',
  (page: page) => ({ pfn: page.pfn }),
  bool,
)
/**
 * Looks up the pagemap of every page in [start, end), which lies under one PMD: once for all of them, where it can
 * (003:1). The caller holds mmap_sem. How many pages are device memory.
 */
export const walk_pmd_pagemaps = task(
  'walk_pmd_pagemaps',
  (mm: mm_struct, start: number, end: number) => ({ mm: id('mm', mm), start, end }),
  int,
)

/**
 * Moves the anonymous page at `addr` to memory that no CPU reaches, or begins one there if there was none. The caller
 * holds mmap_sem. 0 or -errno (002:3910-3912, 001:140-143).
 */
export const migrate_vma = task(
  'migrate_vma',
  (pgmap: dev_pagemap, mm: mm_struct, addr: number) => ({
    pgmap: pgmapId(pgmap),
    mm: id('mm', mm),
    page: addr,
  }),
  int,
)
/**
 * A CPU has touched `addr`, which maps `page` of such memory: moves the page back. The caller holds the page's lock and a
 * reference, which are given back. 0 or -errno (000:4101-4104).
 */
export const migrate_to_ram = task(
  'migrate_to_ram',
  (mm: mm_struct, addr: number, page: page) => ({ mm: id('mm', mm), page: addr, pfn: page.pfn }),
  int,
)
