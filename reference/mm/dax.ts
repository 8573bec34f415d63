/** DAX: files whose pages are device memory, which processes map without a page cache. Left out: private mappings. */
import { symbol } from '../../engine/symbol'
import { type AtomicTask } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { get_dev_pagemap, put_dev_pagemap } from '../../spec/headers/memremap'
import { get_page, set_pte_at } from '../../spec/headers/mm'
import { EFAULT, type page, type vm_area_struct } from '../../spec/headers/types'
import { linear_page_index } from './mm_types'

/** Whether an area maps device memory. Linux's own (include/linux/fs.h). */
export function vma_is_dax({ vm_file }: vm_area_struct): boolean {
  return vm_file !== null && vm_file.dax
}

/**
 * Maps the device's own page while it may be used, and is an error from its disabling on: SIGBUS to a process (003:2).
 * Asked and mapped under the page table lock, so that the unmapping that follows the disabling misses nothing (003:1).
 */
export const dax_iomap_fault = symbol(
  'dax_iomap_fault',
  function* (vma: vm_area_struct, addr: number, write: boolean): AtomicTask<number> {
    const page = vma.vm_file!.i_pages.get(linear_page_index(vma, addr))
    if (!page) return -EFAULT
    const { page_table_lock } = vma.vm_mm
    yield* spin_lock(page_table_lock)
    const pgmap = yield* get_dev_pagemap(page.pfn, null)
    if (pgmap) {
      yield* insert_page(vma, addr, page, write)
      yield* put_dev_pagemap(pgmap)
    }
    spin_unlock(page_table_lock)
    return pgmap ? 0 : -EFAULT
  },
)

/** Maps a page where nothing is, with a reference for the entry. */
function* insert_page(
  { vm_mm: mm }: vm_area_struct,
  addr: number,
  page: page,
  write: boolean,
): AtomicTask<void> {
  if (mm.pgd.has(addr)) return
  yield* get_page(page)
  yield* set_pte_at(mm, addr, page.pfn, write)
}
