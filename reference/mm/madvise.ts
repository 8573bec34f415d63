/** madvise: pages that the process can do without. Left out: MADV_FREE, which no document speaks of. */
import { define } from '../../engine/symbol'
import { down_read, up_read } from '../../spec/headers/locking'
import { madvise_dontneed } from '../../spec/headers/mm'
import { EINVAL } from '../../spec/headers/types'
import { areasIn, unmap_vma_range } from './mmap'

/** Notifies as munmap does, with mmap_sem held for reading only: the areas stay (001:36-40). */
define(madvise_dontneed, function* (mm, start, end) {
  if (end <= start) return -EINVAL
  yield* down_read(mm.mmap_sem)
  for (const vma of areasIn(mm, start, end))
    yield* unmap_vma_range(vma, Math.max(start, vma.vm_start), Math.min(end, vma.vm_end))
  up_read(mm.mmap_sem)
  return 0
})
