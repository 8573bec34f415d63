/** Taking pages out of a file: they are unmapped from every address space first. */
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_write, up_write } from '../../spec/headers/locking'
import {
  get_page,
  lock_page,
  put_page,
  truncate_pagecache_range,
  unlock_page,
  unmap_mapping_pages,
} from '../../spec/headers/mm'
import type { address_space, page, vm_area_struct } from '../../spec/headers/types'
import { delete_from_page_cache } from './filemap'
import { unmap_vma_range } from './mmap'
import { vma_address } from './mm_types'

/** The passes run with i_mmap_rwsem held for writing, and without any mmap_sem (002:898-905). */
define(unmap_mapping_pages, function* (mapping, start, end) {
  yield* down_write(mapping.i_mmap_rwsem)
  for (const vma of mapping.i_mmap) yield* unmap_part(vma, start, end)
  up_write(mapping.i_mmap_rwsem)
})

/** What an area has of pages [start, end) of its file. */
function* unmap_part(vma: vm_area_struct, start: number, end: number): Task<void> {
  const from = Math.max(vma.vm_start, vma_address(vma, start))
  const to = Math.min(vma.vm_end, vma_address(vma, end))
  if (from < to) yield* unmap_vma_range(vma, from, to)
}

define(truncate_pagecache_range, function* (mapping, start, end) {
  yield* unmap_mapping_pages(mapping, start, end)
  for (let index = start; index < end; index++) {
    mapping.stored.delete(index)
    const page = mapping.i_pages.get(index)
    if (page) yield* truncate_page(mapping, page)
  }
})

/**
 * With its lock held nobody can map the page again, so what was mapped meanwhile is unmapped for
 * good. The model's own: truncate_inode_page with the unmapping before it.
 */
export const truncate_page = symbol(
  'truncate_page',
  function* (mapping: address_space, page: page): Task<void> {
    yield* get_page(page)
    yield* lock_page(page)
    if (page.mapping === mapping) {
      yield* unmap_mapping_pages(mapping, page.index, page.index + 1)
      yield* delete_from_page_cache(mapping, page)
    }
    unlock_page(page)
    yield* put_page(page)
  },
)
