/** Address spaces: their lifetime, page tables, page frames, and the operations that change them. */
import { embeddedIds, id } from '../../engine/ids'
import { atomic, bool, happening, int, plain, pointer, task } from '../../engine/symbol'
import type { mm_struct, page, vm_area_struct } from './types'

const mmId = (mm: mm_struct) => id('mm', mm)

// ---- lifetime (000:28-29) --------------------------------------------------------------------------

export const mmgrab = atomic('mmgrab', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** Drops a reference to the struct; the last frees it. Callable in atomic context. */
export const mmdrop = atomic('mmdrop', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** Legal only while the address space is known to be alive. */
export const mmget = atomic('mmget', (mm: mm_struct) => ({ mm: mmId(mm) }))
export const mmget_not_zero = atomic('mmget_not_zero', (mm: mm_struct) => ({ mm: mmId(mm) }), bool)
/** Drops a user; the last tears the address space down, which may sleep. */
export const mmput = task('mmput', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** Tears an address space down. No mmap_sem is held (000:2806-2808). */
export const exit_mmap = task('exit_mmap', (mm: mm_struct) => ({ mm: mmId(mm) }))

// ---- memory ------------------------------------------------------------------------------------------

/** Memory for `object`, a fresh struct or any object of an implementation. */
export const kmalloc = atomic('kmalloc', (object: object, gfp: number) => ({
  object: id('object', object),
  gfp,
}))
/** A kernel object dies: any later access to it is a bug. `embeds` names the notifiers inside it. */
export const kfree = atomic('kfree', (object: object) => ({
  object: id('object', object),
  embeds: embeddedIds(object, 'mn'),
}))

/** Takes a page frame, the one freed last first, with one reference; null when none is left. */
export const alloc_page = plain(
  'alloc_page',
  () => ({}),
  pointer((page: page | null) => id('page', page)),
)
export const get_page = atomic('get_page', (page: page) => ({ pfn: page.pfn }))
/** Drops a reference; the last frees the frame. */
export const put_page = atomic('put_page', (page: page) => ({ pfn: page.pfn }))
/** A page frame goes back to the allocator and may be anybody's next. */
export const __free_page = plain('__free_page', (page: page) => ({ pfn: page.pfn }))

// ---- page tables ---------------------------------------------------------------------------------------

/** Stores a present entry. */
export const set_pte_at = atomic(
  'set_pte_at',
  (mm: mm_struct, addr: number, pfn: number, write: boolean) => ({
    mm: mmId(mm),
    page: addr,
    pfn,
    write,
  }),
)
/** Clears an entry and the CPU's TLB; returns the pfn it held, or -1. */
export const ptep_clear_flush = atomic(
  'ptep_clear_flush',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  int,
)

// ---- operations ------------------------------------------------------------------------------------------

/** The area that holds `addr`, or null. The caller holds mmap_sem. */
export const find_vma = plain(
  'find_vma',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  pointer((vma: vm_area_struct | null) => id('vma', vma)),
)
/** Brings one page in, writable if `write`. The caller holds mmap_sem. 0 or -errno. */
export const handle_mm_fault = task(
  'handle_mm_fault',
  (mm: mm_struct, addr: number, write: boolean) => ({ mm: mmId(mm), page: addr, write }),
  int,
)
/** Removes [start, end) from an address space. 0 or -errno. */
export const vm_munmap = task(
  'vm_munmap',
  (mm: mm_struct, start: number, end: number) => ({ mm: mmId(mm), start, end }),
  int,
)
/** Reclaim: unmaps a page everywhere, without mmap_sem, and frees it if nobody holds it. */
export const try_to_unmap = task('try_to_unmap', (page: page) => ({ pfn: page.pfn }), bool)
/** Frees a victim's memory without ever blocking; false when something had to be left. */
export const oom_reap_task_mm = task(
  'oom_reap_task_mm',
  (mm: mm_struct) => ({ mm: mmId(mm) }),
  bool,
)
/** The CPU reads or writes memory through its page table. */
export const cpu_access = happening(
  'cpu_access',
  (mm: mm_struct, addr: number, pfn: number, write: boolean) => ({
    mm: mmId(mm),
    page: addr,
    pfn,
    write,
  }),
)
