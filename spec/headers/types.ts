/**
 * The kernel's structs as contracts and implementations see them. Names and fields are Linux's, of the
 * 5.2 to 5.4 era; addresses are page numbers; intervals are half open.
 */
import type { AtomicTask, Ops } from './seam'
import type { hmm_mirror_ops_decl } from './hmm'
import type { dev_pagemap } from './memremap'
import type { mmu_interval_notifier_ops_decl } from './interval_notifier'
import type { mmu_notifier_ops_decl } from './mmu_notifier'

// ---- locks and counts -----------------------------------------------------------------------------

/** A lock that spins: its holder never sleeps. */
export interface spinlock_t {
  readonly name: string
  /** Id of the task that holds it, or null. */
  owner: number | null
  triers: number
}

/** A sleeping lock with one holder. `triers` counts tasks about to try it without blocking. */
export interface mutex {
  readonly name: string
  owner: number | null
  triers: number
}

/** A fair reader-writer lock that sleeps: a queued writer holds back later readers. */
export interface rw_semaphore {
  readonly name: string
  readers: number[]
  writer: number | null
  queue: rwsem_waiter[]
  triers: number
}

export interface rwsem_waiter {
  readonly task: number
  readonly mode: 'read' | 'write'
  granted: boolean
}

export interface wait_queue_head {
  readonly name: string
  waiters: wait_queue_entry[]
}

export interface wait_queue_entry {
  readonly task: number
  woken: boolean
}

export interface kref {
  refcount: number
}

/** Links an object to the function that will free it once no SRCU reader can see it any more. */
export interface rcu_head {
  func: ((head: rcu_head) => AtomicTask<void>) | null
}

/** A domain of sleepable read sections. */
export interface srcu_struct {
  readonly name: string
  /** Read sections that are open, by cookie. */
  readers: Set<number>
  nextCookie: number
  callbacks: { head: rcu_head; waitsFor: Set<number> }[]
}

// ---- memory management -------------------------------------------------------------------------------

/** A page frame. */
export interface page {
  readonly pfn: number
  _refcount: number
  /** What is stored in it. */
  value: number
  /** Through what reclaim finds its mappings, and at which page number of it. */
  mapping: anon_vma | address_space | null
  index: number
  /** Of an anonymous page: whether a single entry has it, in whatever address space, present or not. */
  anon_exclusive: boolean
  /** Its swap slot while it is in the swap cache. */
  private: swap_slot | null
  /** Id of the task that holds the page lock, or null. */
  locked: number | null
  /** The device memory that it is part of; null in normal memory. */
  pgmap: dev_pagemap | null
}

/** The frame that reads as zeros and is never given out: what was never written maps it. */
export const ZERO_PFN = 0

/** A present entry of the CPU's page table. */
export interface pte {
  readonly pfn: number
  readonly write: boolean
  /** Its part of a huge entry, which is stored and cleared as one. */
  readonly huge?: true
}

/** Where a page's content is kept while no frame has it; entries that are not present name one. */
export interface swap_slot {
  value: number
  /** Entries that name it, and whoever is about to make some. At 0 it is free. */
  count: number
  /** The frame that still or again has the content: the swap cache. */
  page: page | null
}

export interface vm_area_struct {
  readonly vm_mm: mm_struct
  vm_start: number
  vm_end: number
  /** The page number of its first page in what it maps. */
  vm_pgoff: number
  vm_flags: number
  /** What finds its anonymous pages; null where it maps a file. */
  anon_vma: anon_vma | null
  /** The file it maps, shared; null where it is anonymous. */
  vm_file: address_space | null
}

export const VM_READ = 1 << 0
export const VM_WRITE = 1 << 1

/** Finds the areas that map an anonymous page, for those who start from the page. */
export interface anon_vma {
  readonly name: string
  rwsem: rw_semaphore
  vmas: vm_area_struct[]
}

/** A file's pages, and the areas that map them. */
export interface address_space {
  readonly name: string
  i_mmap_rwsem: rw_semaphore
  i_mmap: vm_area_struct[]
  i_pages: Map<number, page>
  /** What was written back of pages that are not in memory. */
  stored: Map<number, number>
  /** Its pages are device memory, which processes map directly. */
  readonly dax: boolean
}

export interface mm_struct {
  readonly name: string
  /** Users of the address space; at 0 it is torn down. */
  mm_users: number
  /** References to the struct itself, one of them for all users. */
  mm_count: number
  mmap_sem: rw_semaphore
  page_table_lock: spinlock_t
  mmap: vm_area_struct[]
  /** Entries that are present. */
  pgd: Map<number, pte>
  /** Entries that are not present and name a swap slot. */
  swapped: Map<number, swap_slot>
  mmu_notifier_mm: mmu_notifier_mm | null
  hmm: hmm | null
  /** Set when nothing is left for the oom reaper. */
  oom_skip: boolean
}

// ---- mmu notifiers -------------------------------------------------------------------------------------

/** The notifiers of one mm, in ascending order of address. */
export interface mmu_notifier_mm {
  readonly lock: spinlock_t
  first: mmu_notifier | null
  /** From 5.5 on: the interval notifiers; null until there is one. */
  intervals: mmu_interval_subscriptions | null
}

/** The interval notifiers of one mm, and the sequence that their readers compare (5.5 and later). */
export interface mmu_interval_subscriptions {
  readonly lock: spinlock_t
  readonly wq: wait_queue_head
  /** Odd while some interval notifier is being invalidated. */
  invalidate_seq: number
  /** Passes whose start has taken effect and whose end has not. */
  active_invalidate_ranges: number
  itree: mmu_interval_notifier[]
  /** Insertions and removals that wait for the end of an invalidation. */
  deferred_list: mmu_interval_notifier[]
}

/** A notifier of [start, end) whose reader learns by a sequence that it collided. */
export interface mmu_interval_notifier {
  ops: Ops<mmu_interval_notifier_ops_decl>
  mm: mm_struct
  start: number
  end: number
  invalidate_seq: number
}

export interface mmu_notifier {
  ops: Ops<mmu_notifier_ops_decl>
  /** The next notifier on the list; kept when this one is unlinked, for readers that stand on it. */
  next: mmu_notifier | null
  linked: boolean
  /** Its start may answer -EAGAIN where it must not block. */
  may_refuse: boolean
}

/** The head of a struct that the notifier core owns for a driver: one for an mm and a table of ops. */
export interface notifier_priv {
  readonly mmu_notifier: mmu_notifier
  mm: mm_struct
  /** One reference for each attach that has no detach yet. */
  readonly kref: kref
  readonly rcu: rcu_head
}

/** One invalidation pass, on the stack of the task that makes it. */
export interface mmu_notifier_range {
  readonly mm: mm_struct
  readonly start: number
  readonly end: number
  flags: number
  readonly event: number
}

export const MMU_NOTIFIER_RANGE_BLOCKABLE = 1 << 0
/** Debugging: each notifier of a blockable pass is asked without blocking first (002:4513-4527). */
export const MMU_NOTIFIER_RANGE_TRIAL = 1 << 1

export const MMU_NOTIFY_UNMAP = 0
export const MMU_NOTIFY_CLEAR = 1
export const MMU_NOTIFY_PROTECTION_VMA = 2
export const MMU_NOTIFY_PROTECTION_PAGE = 3

// ---- HMM ---------------------------------------------------------------------------------------------------

/** HMM's state of one mm. */
export interface hmm {
  readonly mm: mm_struct
  kref: kref
  ranges_lock: spinlock_t
  ranges: hmm_range[]
  mirrors: hmm_mirror[]
  mmu_notifier: mmu_notifier
  mirrors_sem: rw_semaphore
  wq: wait_queue_head
  rcu: rcu_head
  /** Passes whose start has taken effect and whose end has not. */
  notifiers: number
}

/** One driver's mirror of one mm. */
export interface hmm_mirror {
  hmm: hmm | null
  readonly ops: Ops<hmm_mirror_ops_decl>
}

/** A detector of invalidations that collide with [start, end). */
export interface hmm_range {
  hmm: hmm | null
  start: number
  end: number
  /** Quiescent: no invalidation that concerns this range is known to be open. */
  valid: boolean
  /** One entry a page: `(pfn << pfn_shift) | flags`, or one of `values`; what a fault wants, before it. */
  pfns: number[]
  /** The driver's bit for each of HMM_FLAG_VALID and HMM_FLAG_WRITE. */
  flags: readonly number[]
  /** The driver's entry for each of HMM_VALUE_ERROR and HMM_VALUE_NONE. */
  values: readonly number[]
  pfn_shift: number
  /** Permission that a fault must bring about for every page, as flags. */
  default_flags: number
  /** Which flags of `pfns` a fault looks at, page by page. */
  pfn_flags_mask: number
  /** The interval consists of whole units of `1 << page_shift` pages. */
  page_shift: number
  /** Invalidations that have hit this range since it was registered. */
  collisions: number
  /** What `collisions` was when the last snapshot or fault was accepted. */
  seen: number
}

/** What a mirror is told of an invalidation. */
export interface hmm_update {
  readonly start: number
  readonly end: number
  readonly event: number
  readonly blockable: boolean
}

export const HMM_UPDATE_INVALIDATE = 0
/** Places in `flags` and `values`. */
export const HMM_FLAG_VALID = 0
export const HMM_FLAG_WRITE = 1
export const HMM_VALUE_ERROR = 0
export const HMM_VALUE_NONE = 1
/** What a range holds at these places unless its driver says otherwise. */
export const HMM_PFN_VALID = 1 << 0
export const HMM_PFN_WRITE = 1 << 1
export const HMM_PFN_ERROR = 1 << 2
export const HMM_PFN_NONE = 0
export const HMM_PFN_SHIFT = 3

// ---- errno ---------------------------------------------------------------------------------------------------

export const EPERM = 1
export const EAGAIN = 11
export const ENOMEM = 12
export const EFAULT = 14
export const EBUSY = 16
export const EINVAL = 22
