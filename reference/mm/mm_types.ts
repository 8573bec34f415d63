/** The structs of memory management. */
import type { anon_vma, mm_struct, mmu_notifier_mm, vm_area_struct } from '../../spec/headers/types'
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
  mmu_notifier_mm: null,
  hmm: null,
  oom_skip: false,
}))
atomic_fields('mm', 'mm_users', 'mm_count', 'mmu_notifier_mm', 'oom_skip')

export const vm_area_alloc = struct('vma', (): vm_area_struct => ({
  vm_mm: null as never,
  vm_start: 0,
  vm_end: 0,
  anon_vma: null as never,
}))

export const anon_vma_alloc = struct('anon_vma', (): anon_vma => ({
  name: 'anon_vma',
  rwsem: rwsem({ name: 'anon_vma' }),
  vmas: [],
}))

export const mmu_notifier_mm_alloc = struct('mmu_notifier_mm', (): mmu_notifier_mm => ({
  lock: spinlock({ name: 'mmu_notifier_mm' }),
  first: null,
}))
// Walked under SRCU while entries are unlinked.
atomic_fields('mmu_notifier_mm', 'first')
