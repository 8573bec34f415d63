/**
 * Breakpoints in a process's code: the page that has the code gets a copy with a breakpoint in its place, at one address of
 * one process.
 *
 * Code is private memory that may not be written, so nothing is stored between the copy and its mapping. Left out:
 * private mappings of files, for which anonymous memory stands here; taking a breakpoint out again; and a look at who
 * else holds the page. Linux takes none either: whoever does goes on with the old page, as after a copy on write, and the
 * promise to pinned pages is about reclaim and migration (002:3823-3836).
 */
import { define, symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { down_write, spin_lock, spin_unlock, up_write } from '../../spec/headers/locking'
import {
  alloc_page,
  find_vma,
  get_user_pages,
  lock_page,
  ptep_clear_flush_notify,
  put_page,
  put_user_page,
  set_pte_at,
  unlock_page,
  uprobe_write_opcode,
} from '../../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
} from '../../spec/headers/mmu_notifier'
import { EAGAIN, EFAULT, EINVAL, ENOMEM, ZERO_PFN } from '../../spec/headers/types'
import type { page, vm_area_struct } from '../../spec/headers/types'
import { store } from '../hardware/memory'
import { may_write } from './memory'
import { clear_range } from './mm_types'
import { split_huge_at } from './pgtable'
import { adopt } from './rmap'

define(uprobe_write_opcode, function* (mm, addr) {
  yield* down_write(mm.mmap_sem)
  const vma = find_vma(mm, addr)
  const ret = vma && valid_vma(vma) ? yield* install_breakpoint(vma, addr) : -EINVAL
  up_write(mm.mmap_sem)
  return ret
})

/** Whether breakpoints may be there. Linux's own (kernel/events/uprobes.c). */
function valid_vma(vma: vm_area_struct): boolean {
  return vma.vm_file === null && !may_write(vma)
}

/** Reclaim and migration may take the page before its lock is taken: then it is looked up again. */
function* install_breakpoint(vma: vm_area_struct, addr: number): Task<number> {
  for (;;) {
    const ret = yield* try_to_install(vma, addr)
    if (ret !== -EAGAIN) return ret
  }
}

/** -EAGAIN if the page is another one by now. */
function* try_to_install(vma: vm_area_struct, addr: number): Task<number> {
  const old = yield* get_user_pages(vma.vm_mm, addr, false)
  if (!old) return -EFAULT
  const copy = alloc_page()
  let ret = -ENOMEM
  if (copy) {
    // What a page holds is one value here: of the copy it is the breakpoint.
    store(copy)
    ret = yield* __replace_page(vma, addr, old, copy)
    if (ret) yield* put_page(copy)
  }
  yield* put_user_page(old)
  return ret
}

/**
 * Lets the copy take the page's place, and the reference to it with it. Secondary TLBs lose the old translation before the
 * new one begins, under the page table lock (001:372-382).
 */
export const __replace_page = symbol(
  '__replace_page',
  function* (vma: vm_area_struct, addr: number, old: page, copy: page): Task<number> {
    const { vm_mm: mm } = vma
    const pass = clear_range(mm, addr, addr + 1)
    yield* lock_page(old)
    yield* mmu_notifier_invalidate_range_start(pass)
    yield* spin_lock(mm.page_table_lock)
    const unchanged = mm.pgd.get(addr)?.pfn === old.pfn
    if (unchanged) {
      yield* split_huge_at(mm, addr)
      adopt(copy, vma, addr)
      yield* ptep_clear_flush_notify(mm, addr)
      yield* set_pte_at(mm, addr, copy.pfn, false)
    }
    spin_unlock(mm.page_table_lock)
    if (unchanged && old.pfn !== ZERO_PFN) yield* put_page(old)
    yield* mmu_notifier_invalidate_range_only_end(pass)
    unlock_page(old)
    return unchanged ? 0 : -EAGAIN
  },
)
