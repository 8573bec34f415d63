/** Address spaces: their lifetime, page tables, page frames, and the operations that change them. */
import { embeddedIds, id } from '../../engine/ids'
import { atomic, bool, happening, int, plain, pointer, task } from '../../engine/symbol'
import type { address_space, mm_struct, page, swap_slot, vm_area_struct } from './types'

const mmId = (mm: mm_struct) => id('mm', mm)

/** A page frame, shown by its number. */
const frame = pointer((page: page | null) => (page ? String(page.pfn) : 'NULL'))

// ---- lifetime (000:28-29) --------------------------------------------------------------------------

/** Takes a reference of the struct, which says nothing of the address space (000:378-383). */
export const mmgrab = atomic('mmgrab', (mm: mm_struct) => ({ mm: mmId(mm) }))
/**
 * Drops a reference to the struct; the last frees it. Callable in atomic context (000:382-383,
 * 000:7561).
 */
export const mmdrop = atomic('mmdrop', (mm: mm_struct) => ({ mm: mmId(mm) }))
/**
 * Legal only while the address space is known to be alive. Linux's own (include/linux/sched/mm.h).
 */
export const mmget = atomic('mmget', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** Takes a user unless the address space is gone (000:28-29, 000:855-857). */
export const mmget_not_zero = atomic('mmget_not_zero', (mm: mm_struct) => ({ mm: mmId(mm) }), bool)
/** Drops a user; the last tears the address space down, which may sleep (000:862-865). */
export const mmput = task('mmput', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** Tears an address space down. No mmap_sem is held (000:2806-2808). */
export const exit_mmap = task('exit_mmap', (mm: mm_struct) => ({ mm: mmId(mm) }))

// ---- memory ------------------------------------------------------------------------------------------

/** Memory for `object`, a fresh struct or any object of an implementation. */
export const kmalloc = atomic('kmalloc', (object: object, gfp: number) => ({
  object: id('object', object),
  gfp,
}))
/**
 * A kernel object dies: any later access to it is a bug. `embeds` names the notifiers inside it
 * (000:2870-2877).
 */
export const kfree = atomic('kfree', (object: object) => ({
  object: id('object', object),
  embeds: embeddedIds(object, 'mn'),
}))

/**
 * Takes a page frame, the one freed last first, with one reference; null when none is left. Linux's
 * own (include/linux/gfp.h).
 */
export const alloc_page = plain(
  'alloc_page',
  () => ({}),
  pointer((page: page | null) => id('page', page)),
)
/**
 * Takes the frames of a huge page, next to each other, with one reference each; null when there are none. The
 * model's own: every frame has its count, where Linux counts at the first.
 */
export const alloc_huge_page = plain(
  'alloc_huge_page',
  () => ({}),
  pointer((pages: page[] | null) => (pages ? pages.map(({ pfn }) => pfn).join(' ') : 'NULL')),
)
/** Takes a reference of a page that is known to have one. Linux's own (include/linux/mm.h). */
export const get_page = atomic('get_page', (page: page) => ({ pfn: page.pfn }))
/** Drops a reference; the last frees the frame. Linux's own (include/linux/mm.h). */
export const put_page = atomic('put_page', (page: page) => ({ pfn: page.pfn }))
/**
 * A page frame goes back to the allocator and may be anybody's next. Linux's own
 * (include/linux/gfp.h).
 */
export const __free_page = plain('__free_page', (page: page) => ({ pfn: page.pfn }))

// ---- page tables ---------------------------------------------------------------------------------------

/** Stores a present entry. Linux's own (arch/x86/include/asm/pgtable.h). */
export const set_pte_at = atomic(
  'set_pte_at',
  (mm: mm_struct, addr: number, pfn: number, write: boolean) => ({
    mm: mmId(mm),
    page: addr,
    pfn,
    write,
  }),
)
/**
 * Clears an entry and the CPU's TLB; returns the pfn it held, or -1. Linux's own
 * (mm/pgtable-generic.c).
 */
export const ptep_clear_flush = atomic(
  'ptep_clear_flush',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  int,
)

/** The same, and secondary TLBs are told before the page table lock is released (001:378-382). */
export const ptep_clear_flush_notify = atomic(
  'ptep_clear_flush_notify',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  int,
)
/**
 * Takes the permission to write away from a present entry. Linux's own
 * (include/asm-generic/pgtable.h).
 */
export const ptep_set_wrprotect = atomic('ptep_set_wrprotect', (mm: mm_struct, addr: number) => ({
  mm: mmId(mm),
  page: addr,
}))
/** How many pages a huge entry maps: 512 on x86, and few enough here for a small world. */
export const HPAGE_PMD_NR = 2
/** Where the huge entry begins that `addr` would be part of. The model's own. */
export const pmd_start = (addr: number): number => addr - (addr % HPAGE_PMD_NR)

const hugeEntry = (mm: mm_struct, haddr: number) => ({ mm: mmId(mm), page: haddr })
/**
 * Stores a present huge entry: `pfn` is that of the first page. Linux's own (arch/x86/include/asm/pgtable.h).
 */
export const set_pmd_at = atomic(
  'set_pmd_at',
  (mm: mm_struct, haddr: number, pfn: number, write: boolean) => ({
    ...hugeEntry(mm, haddr),
    pfn,
    write,
  }),
)
/** Clears a huge entry and the CPU's TLB; returns the first pfn it held. Linux's own (mm/pgtable-generic.c). */
export const pmdp_huge_clear_flush = atomic('pmdp_huge_clear_flush', hugeEntry, int)
/** The same, and secondary TLBs are told before the page table lock is released (001:241-252). */
export const pmdp_huge_clear_flush_notify = atomic('pmdp_huge_clear_flush_notify', hugeEntry, int)
/**
 * Puts an entry for each page in place of a huge one, with the page table lock held. Linux's own (mm/huge_memory.c).
 */
export const __split_huge_pmd_locked = atomic('__split_huge_pmd_locked', hugeEntry)
/**
 * Stores an entry that is not present and says in which swap slot the page's content is. The
 * model's own.
 */
export const set_swp_pte_at = atomic(
  'set_swp_pte_at',
  (mm: mm_struct, addr: number, _slot: swap_slot) => ({ mm: mmId(mm), page: addr }),
)

// ---- the page lock -----------------------------------------------------------------------------------------

/** Waits for the page lock, which a page holds on to while it enters or leaves what maps it. */
export const lock_page = task('lock_page', (page: page) => ({ pfn: page.pfn }))
/** Never sleeps; 1 if it took the lock. Linux's own (include/linux/pagemap.h). */
export const trylock_page = atomic('trylock_page', (page: page) => ({ pfn: page.pfn }), int)
export const unlock_page = plain('unlock_page', (page: page) => ({ pfn: page.pfn }))

// ---- operations ------------------------------------------------------------------------------------------

/** The area that holds `addr`, or null. The caller holds mmap_sem (000:737-738). */
export const find_vma = plain(
  'find_vma',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  pointer((vma: vm_area_struct | null) => id('vma', vma)),
)
const area = (vma: vm_area_struct) => ({ vma: id('vma', vma), mm: mmId(vma.vm_mm) })
/** An area becomes part of its address space, and its pages find it. Linux's own (mm/mmap.c). */
export const __vma_link = plain('__vma_link', (vma: vm_area_struct) => ({
  ...area(vma),
  start: vma.vm_start,
  end: vma.vm_end,
  anonymous: vma.vm_file === null,
}))
/**
 * An area gets other bounds; what it has at an address does not change. Linux's own (mm/mmap.c).
 */
export const vma_adjust = plain(
  'vma_adjust',
  (vma: vm_area_struct, start: number, end: number) => ({ ...area(vma), start, end }),
)
/** An area is no longer part of its address space. Linux's own (mm/mmap.c). */
export const __vma_unlink = plain('__vma_unlink', (vma: vm_area_struct) => area(vma))
/**
 * Brings one page in, writable if `write`. The caller holds mmap_sem. 0 or -errno. Linux's own
 * (mm/memory.c).
 */
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
/** Maps [start, end) anew, anonymous and writable, over whatever was there. 0 or -errno. */
export const vm_mmap_fixed = task(
  'vm_mmap_fixed',
  (mm: mm_struct, start: number, end: number) => ({ mm: mmId(mm), start, end }),
  int,
)
/** Moves [start, end), which lies in one area, to `to`, over whatever was there. 0 or -errno. */
export const mremap_to = task(
  'mremap_to',
  (mm: mm_struct, start: number, end: number, to: number) => ({ mm: mmId(mm), start, end, to }),
  int,
)
/**
 * Sets what [start, end) may be used for: `prot` is VM_READ, with or without VM_WRITE. 0 or -errno.
 * Linux's own (mm/mprotect.c).
 */
export const do_mprotect = task(
  'do_mprotect',
  (mm: mm_struct, start: number, end: number, prot: number) => ({
    mm: mmId(mm),
    start,
    end,
    prot,
  }),
  int,
)
/** Drops the pages of [start, end); the areas stay. 0 or -errno. */
export const madvise_dontneed = task(
  'madvise_dontneed',
  (mm: mm_struct, start: number, end: number) => ({ mm: mmId(mm), start, end }),
  int,
)
/**
 * Lets the pages of [start, end) become the first one, where they have the same content. 0 or -errno. The model's
 * own: what ksmd does with areas that were advised so.
 */
export const madvise_mergeable = task(
  'madvise_mergeable',
  (mm: mm_struct, start: number, end: number) => ({ mm: mmId(mm), start, end }),
  int,
)
/** Whether two pages have the same content. Linux's own (mm/ksm.c). */
export const pages_identical = plain(
  'pages_identical',
  (page: page, other: page) => ({ pfn: page.pfn, other: other.pfn }),
  bool,
)
/**
 * Puts a breakpoint into the page at `addr`: a copy that has it takes the page's place. 0 or -errno. Linux's own
 * (kernel/events/uprobes.c).
 */
export const uprobe_write_opcode = task(
  'uprobe_write_opcode',
  (mm: mm_struct, addr: number) => ({ mm: mmId(mm), page: addr }),
  int,
)
/** Makes a copy of an address space, whose pages are shared until somebody writes; null if it is gone. */
export const dup_mm = task(
  'dup_mm',
  (mm: mm_struct) => ({ mm: mmId(mm) }),
  pointer((child: mm_struct | null) => id('mm', child)),
)
/** Unmaps pages [start, end) of a file from every address space. */
export const unmap_mapping_pages = task(
  'unmap_mapping_pages',
  (mapping: address_space, start: number, end: number) => ({
    mapping: id('mapping', mapping),
    start,
    end,
  }),
)
/**
 * Takes pages [start, end) out of a file: they are unmapped first, and read as zeros later. Linux's
 * own (mm/truncate.c).
 */
export const truncate_pagecache_range = task(
  'truncate_pagecache_range',
  (mapping: address_space, start: number, end: number) => ({
    mapping: id('mapping', mapping),
    start,
    end,
  }),
)
/** A reference to the page at `addr`, faulted in if need be; null if that fails. mmap_sem is held. */
export const get_user_pages = task(
  'get_user_pages',
  (mm: mm_struct, addr: number, write: boolean) => ({ mm: mmId(mm), page: addr, write }),
  frame,
)
/** The same without any lock where the page is present; falls back to the slow way. */
export const get_user_pages_fast = task(
  'get_user_pages_fast',
  (mm: mm_struct, addr: number, write: boolean) => ({ mm: mmId(mm), page: addr, write }),
  frame,
)
/** Gives a reference back that get_user_pages has taken, whoever asked for it. Linux's own (include/linux/mm.h). */
export const put_user_page = atomic('put_user_page', (page: page) => ({ pfn: page.pfn }))
/** Reclaims up to `nr` pages in the context of whoever wants memory, as its flags allow. How many were freed. */
export const do_try_to_free_pages = task(
  'do_try_to_free_pages',
  (nr: number, gfp: number) => ({ nr, gfp }),
  int,
)
/** Reclaims up to `nr` pages in the background, as kswapd does. How many were freed. */
export const balance_pgdat = task('balance_pgdat', (nr: number) => ({ nr }), int)
/**
 * Reclaim: unmaps a page everywhere, without mmap_sem, and frees it if nobody holds it
 * (000:4739-4740).
 */
export const try_to_unmap = task('try_to_unmap', (page: page) => ({ pfn: page.pfn }), bool)
/** Moves a page to another frame, with the reference that its isolation took, which it drops. 0 or -errno. */
export const migrate_page = task('migrate_page', (page: page) => ({ pfn: page.pfn }), int)
/**
 * Moves pages to make room, in the context of whoever wants memory, as its flags allow. How many were moved.
 */
export const try_to_compact_pages = task('try_to_compact_pages', (gfp: number) => ({ gfp }), int)
/** Frees a victim's memory without ever blocking; false when something had to be left. */
export const oom_reap_task_mm = task(
  'oom_reap_task_mm',
  (mm: mm_struct) => ({ mm: mmId(mm) }),
  bool,
)
/** Reaps a victim, several times if something had to be left, and then leaves the rest to its exit. */
export const oom_reap_task = task('oom_reap_task', (mm: mm_struct) => ({ mm: mmId(mm) }))
/** The CPU reads or writes memory through its page table; the page holds `value` then. */
export const cpu_access = happening(
  'cpu_access',
  (mm: mm_struct, addr: number, pfn: number, write: boolean, value: number) => ({
    mm: mmId(mm),
    page: addr,
    pfn,
    write,
    value,
  }),
)
