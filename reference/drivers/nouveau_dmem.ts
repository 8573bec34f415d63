/**
 * A GPU's own memory, to which its driver moves what the GPU works on, and from which a CPU that touches it gets it back
 * (000:4101-4106).
 *
 * Left out: which page is worth moving; whoever faults gets it, again and again.
 */
import { times } from 'lodash'
import { symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_read, up_read } from '../../spec/headers/locking'
import {
  devm_memremap_pages,
  devm_munmap_pages,
  migrate_vma,
  type dev_pagemap,
} from '../../spec/headers/memremap'
import { alloc_page, kfree } from '../../spec/headers/mm'
import type { mm_struct } from '../../spec/headers/types'
import { evict } from '../mm/device_private'
import { dev_pagemap_struct } from '../mm/memremap'
import { address_space_alloc } from '../mm/mm_types'
import { nouveau_svm_fault, type nouveau_svmm } from './nouveau_svm'

/** Pages of its memory: fewer than a process may want there. */
const pagesOfMemory = 2

/** The GPU's memory becomes pages. Linux's own (drivers/gpu/drm/nouveau/nouveau_dmem.c). */
export const nouveau_dmem_init = symbol(
  'nouveau_dmem_init',
  function* (_mm: mm_struct, name: string): Task<dev_pagemap> {
    const pgmap = dev_pagemap_struct({
      name,
      type: 'MEMORY_DEVICE_PRIVATE',
      pages: times(pagesOfMemory, () => alloc_page()!),
      mapping: address_space_alloc({ name: 'no file' }),
    })
    yield* devm_memremap_pages(pgmap)
    return pgmap
  },
)

/** Everything in it moves back before it goes. Linux's own (drivers/gpu/drm/nouveau/nouveau_dmem.c). */
export const nouveau_dmem_fini = symbol(
  'nouveau_dmem_fini',
  function* (pgmap: dev_pagemap): Task<void> {
    for (const page of pgmap.pages) yield* evict(page)
    yield* devm_munmap_pages(pgmap)
    yield* kfree(pgmap)
  },
)

/**
 * Lets the GPU use one page, of its own memory if there is room. The caller keeps the address space alive. 0 or -errno
 * (000:4101-4106).
 */
export const nouveau_dmem_fault = symbol(
  'nouveau_dmem_fault',
  function* (pgmap: dev_pagemap, svmm: nouveau_svmm, addr: number, write: boolean): Task<number> {
    const { mm } = svmm
    yield* down_read(mm.mmap_sem)
    yield* migrate_vma(pgmap, mm, addr)
    up_read(mm.mmap_sem)
    return yield* nouveau_svm_fault(svmm, addr, write)
  },
)
