/** The structs of memory management. */
import { MMU_NOTIFY_CLEAR, VM_READ, VM_WRITE } from '../../spec/headers/types'
import type {
  address_space,
  anon_vma,
  mm_struct,
  mmu_notifier_mm,
  mmu_notifier_range,
  page,
  rw_semaphore,
  vm_area_struct,
} from '../../spec/headers/types'
import { rwsem } from '../kernel/rwsem'
import { atomic_fields, struct } from '../kernel/slab'
import { spinlock } from '../kernel/spinlock'

/** A fresh address space has one user, which holds one reference to the struct. */
export const mm_struct_alloc = struct('mm', (): mm_struct => ({
  name: 'mm',
  mm_users: 1,
  mm_count: 1,
  mmap_sem: rwsem({ name: 'mmap_sem' }),
  page_table_lock: spinlock({ name: 'page_table_lock' }),
  mmap: [],
  pgd: new Map(),
  swapped: new Map(),
  mmu_notifier_mm: null,
  hmm: null,
  oom_skip: false,
}))
atomic_fields('mm', 'mm_users', 'mm_count', 'mmu_notifier_mm', 'oom_skip')

export const vm_area_alloc = struct('vma', (): vm_area_struct => ({
  vm_mm: null as never,
  vm_start: 0,
  vm_end: 0,
  vm_pgoff: 0,
  vm_flags: VM_READ | VM_WRITE,
  anon_vma: null,
  vm_file: null,
}))

/**
 * A family's areas share one: Linux gives a child its own, which hangs on the parent's lock. Left out: its
 * freeing.
 */
export const anon_vma_alloc = struct('anon_vma', (): anon_vma => ({
  name: 'anon_vma',
  rwsem: rwsem({ name: 'anon_vma' }),
  vmas: [],
}))

export const address_space_alloc = struct('mapping', (): address_space => ({
  name: 'file',
  i_mmap_rwsem: rwsem({ name: 'i_mmap_rwsem' }),
  i_mmap: [],
  i_pages: new Map(),
  stored: new Map(),
  dax: false,
}))

export const mmu_notifier_mm_alloc = struct('mmu_notifier_mm', (): mmu_notifier_mm => ({
  lock: spinlock({ name: 'mmu_notifier_mm' }),
  first: null,
  intervals: null,
}))
// Walked under SRCU while entries are unlinked.
atomic_fields('mmu_notifier_mm', 'first')

/** A blockable pass in which the entries of [start, end) go, or get other pages. The model's own. */
export function clear_range(mm: mm_struct, start: number, end: number): mmu_notifier_range {
  return { mm, start, end, flags: 0, event: MMU_NOTIFY_CLEAR }
}

// ---- from pages to areas ---------------------------------------------------------------------------------

/** The file a page belongs to, or null if it is anonymous. The model's own. */
export function page_file({ mapping }: page): address_space | null {
  return mapping !== null && 'i_mmap' in mapping ? mapping : null
}

/**
 * What must be held while an area enters or leaves the list by which its pages find it. The model's
 * own.
 */
export function rmap_lock({ vm_file, anon_vma }: vm_area_struct): rw_semaphore {
  return vm_file ? vm_file.i_mmap_rwsem : anon_vma!.rwsem
}

/** The list by which an area is found from its pages. The model's own. */
export function rmap_list({ vm_file, anon_vma }: vm_area_struct): vm_area_struct[] {
  return vm_file ? vm_file.i_mmap : anon_vma!.vmas
}

/** Which page of what an area maps is at `addr`. Linux's own (include/linux/pagemap.h). */
export function linear_page_index({ vm_start, vm_pgoff }: vm_area_struct, addr: number): number {
  return vm_pgoff + addr - vm_start
}

/**
 * Where an area has page number `index`, which may lie outside of it. Linux's own (mm/internal.h).
 */
export function vma_address({ vm_start, vm_pgoff }: vm_area_struct, index: number): number {
  return vm_start + index - vm_pgoff
}
