/**
 * An open file of a NIC, which a child inherits: whoever uses it has memory of its own there, with a notifier of its own
 * (000:6591-6593).
 *
 * Left out: that the hardware has one queue of commands for all; each address space has its own translations.
 */
import { pull } from 'lodash'
import { symbol } from '../../engine/symbol'
import { type Task } from '../../engine/task'
import { mutex_lock, mutex_unlock } from '../../spec/headers/locking'
import { kfree, kmalloc } from '../../spec/headers/mm'
import type { mm_struct, mutex } from '../../spec/headers/types'
import { mutex_struct } from '../kernel/mutex'
import { GFP_KERNEL, struct } from '../kernel/slab'
import { odp_init, odp_release_umem, type odp } from './odp'

/** `per_mm_list_lock` protects the list; what is on it stays there until the file is closed. */
export interface ib_ucontext {
  readonly name: string
  readonly per_mm_list_lock: mutex
  readonly per_mm_list: odp[]
}

const ib_ucontext_struct = struct('ib_ucontext', (): ib_ucontext => ({
  name: '',
  per_mm_list_lock: mutex_struct({ name: 'ib_ucontext.per_mm_list_lock' }),
  per_mm_list: [],
}))

/**
 * The file, with what it has for the process that opens it; null if that one's notifier cannot be registered. Linux's
 * own (drivers/infiniband/core/uverbs_cmd.c).
 */
export const ib_ucontext_open = symbol(
  'ib_ucontext_open',
  function* (mm: mm_struct, name: string): Task<ib_ucontext | null> {
    const ucontext = ib_ucontext_struct({ name })
    yield* kmalloc(ucontext, GFP_KERNEL)
    if (yield* get_per_mm(ucontext, mm)) return ucontext
    yield* kfree(ucontext)
    return null
  },
)

/** Nobody uses the file any more, whichever process it was. Linux's own (drivers/infiniband/core/umem_odp.c). */
export const ib_ucontext_close = symbol(
  'ib_ucontext_close',
  function* (ucontext: ib_ucontext): Task<void> {
    for (const per_mm of [...ucontext.per_mm_list]) {
      yield* odp_release_umem(per_mm)
      pull(ucontext.per_mm_list, per_mm)
    }
    yield* kfree(ucontext)
  },
)

/**
 * What the file has for an address space, which the caller keeps alive; null if its notifier cannot be registered. Linux's
 * own (drivers/infiniband/core/umem_odp.c).
 */
export const get_per_mm = symbol(
  'get_per_mm',
  function* (ucontext: ib_ucontext, mm: mm_struct): Task<odp | null> {
    yield* mutex_lock(ucontext.per_mm_list_lock)
    let per_mm = ucontext.per_mm_list.find((known) => known.mm === mm) ?? null
    if (!per_mm) {
      per_mm = yield* odp_init(mm, ucontext.name)
      if (per_mm) ucontext.per_mm_list.push(per_mm)
    }
    mutex_unlock(ucontext.per_mm_list_lock)
    return per_mm
  },
)
