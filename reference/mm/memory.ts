/**
 * Faults: bringing pages in, and giving a writer its own copy of a shared one.
 *
 * Left out: private mappings of files.
 */
import { reads } from '../../engine/footprint'
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { spin_lock, spin_unlock } from '../../spec/headers/locking'
import { migrate_to_ram } from '../../spec/headers/memremap'
import {
  alloc_page,
  find_vma,
  get_page,
  handle_mm_fault,
  lock_page,
  ptep_clear_flush_notify,
  put_page,
  set_pte_at,
  trylock_page,
  unlock_page,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EAGAIN, EFAULT, ENOMEM, VM_WRITE, ZERO_PFN } from '../../spec/headers/types'
import type { page, pte, swap_slot, vm_area_struct } from '../../spec/headers/types'
import { frameState, pfn_to_page } from '../hardware/memory'
import { dax_iomap_fault, vma_is_dax } from './dax'
import { find_lock_page } from './filemap'
import { do_huge_pmd_wp_page } from './huge_memory'
import { clear_range, linear_page_index } from './mm_types'
import { is_device_private_entry, read_pte } from './pgtable'
import { adopt } from './rmap'
import { lookup_swap_cache, swap_free, swap_readpage } from './swap'

/** Makes `addr` present, and writable if `write`. The caller holds mmap_sem. */
define(handle_mm_fault, function* (mm, addr, write) {
  const vma = find_vma(mm, addr)
  if (!vma || (write && !may_write(vma))) return -EFAULT
  const entry = yield* read_pte(mm, addr)
  if (entry && is_device_private_entry(entry))
    return yield* do_device_private_page(vma, addr, entry, write)
  if (entry) return write && !entry.write ? yield* do_wp_page(vma, addr, entry) : 0
  const slot = mm.swapped.get(addr)
  if (slot) return yield* do_swap_page(vma, addr, slot, write)
  if (vma_is_dax(vma)) return yield* dax_iomap_fault(vma, addr, write)
  if (vma.vm_file) return yield* do_shared_fault(vma, addr, write)
  return yield* write ? do_anonymous_page(vma, addr) : do_zero_page(vma, addr)
})

/** The model's own. */
export function may_write({ vm_flags }: vm_area_struct): boolean {
  return (vm_flags & VM_WRITE) !== 0
}

// ---- where nothing was: nobody can have a translation, so nobody is told ---------------------------------

/** Puts a fresh page for a writer. */
function* do_anonymous_page(vma: vm_area_struct, addr: number): Task<number> {
  const page = alloc_page()
  if (!page) return -ENOMEM
  adopt(page, vma, addr)
  if (!(yield* map_if_none(vma, addr, page.pfn, true))) yield* put_page(page)
  return 0
}

/** Lets a reader read zeros. */
function* do_zero_page(vma: vm_area_struct, addr: number): Task<number> {
  yield* map_if_none(vma, addr, ZERO_PFN, false)
  return 0
}

/** Maps the file's page; its lock keeps it in the file until it is mapped. */
function* do_shared_fault(vma: vm_area_struct, addr: number, write: boolean): Task<number> {
  const page = yield* find_lock_page(vma.vm_file!, linear_page_index(vma, addr))
  if (!page) return -ENOMEM
  const mapped = yield* map_if_none(vma, addr, page.pfn, write)
  unlock_page(page)
  if (!mapped) yield* put_page(page)
  return 0
}

/** Stores an entry where there is none. */
function* map_if_none(
  { vm_mm: mm }: vm_area_struct,
  addr: number,
  pfn: number,
  write: boolean,
): Task<boolean> {
  yield* spin_lock(mm.page_table_lock)
  const none = !mm.pgd.has(addr) && !mm.swapped.has(addr)
  if (none) yield* set_pte_at(mm, addr, pfn, write)
  spin_unlock(mm.page_table_lock)
  return none
}

// ---- where a swap slot was ------------------------------------------------------------------------------------

/** Brings a page back in. One that the swap cache still has may have other users: it is read only. */
function* do_swap_page(
  vma: vm_area_struct,
  addr: number,
  slot: swap_slot,
  write: boolean,
): Task<number> {
  const cached = lookup_swap_cache(slot)
  if (cached?.pgmap) return yield* do_swapped_device_page(vma, addr, slot, cached, write)
  if (cached) {
    yield* get_page(cached)
    yield* lock_page(cached)
  }
  const page = cached ?? read_swap(slot, vma, addr)
  if (!page) return -ENOMEM
  // Whoever had the lock may have written the page out meanwhile: the next fault looks again.
  const current = !cached || cached.private === slot
  const mapped =
    current && (yield* map_swapped(vma, addr, slot, page.pfn, !cached && may_write(vma)))
  if (cached) unlock_page(cached)
  if (!mapped) yield* put_page(page)
  return write ? yield* handle_mm_fault(vma.vm_mm, addr, write) : 0
}

/** A frame of its own with the slot's content. */
function read_swap(slot: swap_slot, vma: vm_area_struct, addr: number): page | null {
  const page = alloc_page()
  if (!page) return null
  adopt(page, vma, addr)
  swap_readpage(slot, page)
  return page
}

/** Stores an entry where the one that names `slot` still is. */
function* map_swapped(
  { vm_mm: mm }: vm_area_struct,
  addr: number,
  slot: swap_slot,
  pfn: number,
  write: boolean,
): Task<boolean> {
  yield* spin_lock(mm.page_table_lock)
  const unchanged = mm.swapped.get(addr) === slot
  if (unchanged) yield* set_pte_at(mm, addr, pfn, write)
  spin_unlock(mm.page_table_lock)
  if (unchanged) yield* swap_free(slot)
  return unchanged
}

// ---- where a page of private device memory was --------------------------------------------------------------

/**
 * Has the page moved back to where CPUs reach it, and looks again. Only who has its lock may hold it besides: others
 * wait for the lock with nothing in their hands, or it could never move (000:4101-4104).
 */
function* do_device_private_page(
  vma: vm_area_struct,
  addr: number,
  entry: pte,
  write: boolean,
): Task<number> {
  const { vm_mm: mm } = vma
  const page = pfn_to_page(entry.pfn)
  yield* spin_lock(mm.page_table_lock)
  const unchanged = mm.pgd.get(addr) === entry
  const isMine = unchanged && (yield* trylock_page(page))
  if (isMine) yield* get_page(page)
  spin_unlock(mm.page_table_lock)
  const ret = isMine ? yield* migrate_to_ram(mm, addr, page) : 0
  if (unchanged && !isMine) yield* wait_on_page_locked(page)
  if (ret !== 0 && ret !== -EAGAIN) return ret
  return yield* handle_mm_fault(mm, addr, write)
}

/** The same of a page on its way, which the swap cache has: it gets its entry first. */
function* do_swapped_device_page(
  vma: vm_area_struct,
  addr: number,
  slot: swap_slot,
  page: page,
  write: boolean,
): Task<number> {
  if (yield* trylock_page(page)) {
    yield* map_device_private(vma, addr, slot, page, false)
    unlock_page(page)
  } else yield* wait_on_page_locked(page)
  return yield* handle_mm_fault(vma.vm_mm, addr, write)
}

/**
 * Gives an entry that names `slot` the page that the swap cache has for it. The reference is taken where nobody sees
 * it before the entry. The model's own.
 */
export function* map_device_private(
  { vm_mm: mm }: vm_area_struct,
  addr: number,
  slot: swap_slot,
  page: page,
  write: boolean,
): Task<void> {
  yield* spin_lock(mm.page_table_lock)
  const unchanged = mm.swapped.get(addr) === slot && slot.page === page
  if (unchanged) {
    yield* get_page(page)
    yield* set_pte_at(mm, addr, page.pfn, write)
  }
  spin_unlock(mm.page_table_lock)
  if (unchanged) yield* swap_free(slot)
}

function* wait_on_page_locked(page: page): Task<void> {
  yield* lock_page(page)
  unlock_page(page)
}

// ---- where a page was that may not be written -----------------------------------------------------------

/** Only what others have too is copied: who holds an own page for a device would go on writing to the old one. */
function do_wp_page(vma: vm_area_struct, addr: number, entry: pte): Task<number> {
  if (entry.huge) return do_huge_pmd_wp_page(vma, addr, entry)
  return may_reuse(vma, entry) ? wp_page_reuse(vma, addr, entry) : wp_page_copy(vma, addr, entry)
}

/** A file's page is everybody's to write. */
function may_reuse({ vm_file }: vm_area_struct, { pfn }: pte): boolean {
  reads(frameState)
  return vm_file !== null || pfn_to_page(pfn).anon_exclusive
}

/** Permission is all that changes, and it only grows: nobody is told. Linux's own (mm/memory.c). */
export const wp_page_reuse = symbol(
  'wp_page_reuse',
  function* (vma: vm_area_struct, addr: number, old: pte): Task<number> {
    const { vm_mm: mm } = vma
    yield* spin_lock(mm.page_table_lock)
    if (mm.pgd.get(addr) === old && may_reuse(vma, old)) yield* set_pte_at(mm, addr, old.pfn, true)
    spin_unlock(mm.page_table_lock)
    return 0
  },
)

/**
 * Gives the writer a copy of a shared page, the one of zeros included. Secondary TLBs lose the old
 * translation before the new one begins, under the page table lock (001:372-382).
 */
export const wp_page_copy = symbol(
  'wp_page_copy',
  function* (vma: vm_area_struct, addr: number, old: pte): Task<number> {
    const { vm_mm: mm } = vma
    const copy = alloc_page()
    if (!copy) return -ENOMEM
    const range = clear_range(mm, addr, addr + 1)
    yield* mmu_notifier_invalidate_range_start(range)
    yield* spin_lock(mm.page_table_lock)
    const unchanged = mm.pgd.get(addr) === old
    if (unchanged) {
      copy.value = pfn_to_page(old.pfn).value
      adopt(copy, vma, addr)
      yield* ptep_clear_flush_notify(mm, addr)
      yield* set_pte_at(mm, addr, copy.pfn, true)
    }
    spin_unlock(mm.page_table_lock)
    if (!unchanged) yield* put_page(copy)
    else if (old.pfn !== ZERO_PFN) yield* put_page(pfn_to_page(old.pfn))
    yield* mmu_notifier_invalidate_range_only_end(range)
    return 0
  },
)
