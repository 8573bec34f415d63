/**
 * Which kinds of lock were taken while which others were held: what lockdep ought to know.
 *
 * Reclaim and the passes of the notifier core count as locks that somebody holds while he is in them.
 */
import { fact } from '../contract'
import { __GFP_DIRECT_RECLAIM, __GFP_FS, __GFP_NOLOCKDEP } from '../headers/gfp'
import { heldBy, locks, type Locks } from './locks'

export const reclaim = 'fs_reclaim'
export const pass = 'mmu_notifier_invalidate_range_start'

export interface LockOrder {
  /** By kind, the kinds that were taken with one of it held. */
  readonly after: Map<string, Set<string>>
  /** Contexts that each task is inside of. */
  readonly contexts: Map<number, string[]>
  /** Tasks whose allocations do not enter file systems. */
  readonly nofs: Set<number>
}

interface Taken {
  readonly task: number
  readonly name: string
}
type Known = { readonly locks: Locks }

export const lockOrder = fact({
  name: 'lock order',
  uses: { locks },
  start: (): LockOrder => ({ after: new Map(), contexts: new Map(), nofs: new Set() }),
  on: {
    spin_lock: (state, event, known) => learn(state, event, known),
    mutex_lock: (state, event, known) => learn(state, event, known),
    down_read: (state, event, known) => learn(state, event, known),
    down_write: (state, event, known) => learn(state, event, known),
    down_write_nest_lock: (state, event, known) => learn(state, event, known),
    kmalloc: (state, { task, gfp }, known) => {
      if (entersReclaim(state, task, gfp)) learn(state, { task, name: reclaim }, known)
    },
    fs_reclaim_acquire: (state, { task, gfp }, known) => {
      if (entersReclaim(state, task, gfp)) enter(state, task, reclaim, known)
    },
    fs_reclaim_release: (state, { task }) => leave(state, task, reclaim),
    memalloc_nofs_save: ({ nofs }, { task }) => void nofs.add(task),
    memalloc_nofs_restore: ({ nofs }, { task, flags }) => {
      if (flags === 0) nofs.delete(task)
    },
    mmu_notifier_invalidate_range_start: (state, { task }, known) =>
      enter(state, task, pass, known),
    'mmu_notifier_invalidate_range_start.return': (state, { task }) => leave(state, task, pass),
    mmu_notifier_invalidate_range_start_nonblock: (state, { task }, known) =>
      enter(state, task, pass, known),
    'mmu_notifier_invalidate_range_start_nonblock.return': (state, { task }) =>
      leave(state, task, pass),
    __mmu_notifier_invalidate_range_end: (state, { task }, known) =>
      enter(state, task, pass, known),
    '__mmu_notifier_invalidate_range_end.return': (state, { task }) => leave(state, task, pass),
  },
})

/** Whether an allocation with these flags may do what reclaim does, and says so. */
export function entersReclaim(state: LockOrder, task: number, gfp: number): boolean {
  const wanted = __GFP_DIRECT_RECLAIM | __GFP_FS
  return (gfp & wanted) === wanted && (gfp & __GFP_NOLOCKDEP) === 0 && !state.nofs.has(task)
}

/** Whether `to` can be reached from `from`. */
export function leadsTo({ after }: LockOrder, from: string, to: string): boolean {
  const seen = new Set<string>()
  const ahead = [...(after.get(from) ?? [])]
  for (let kind = ahead.pop(); kind !== undefined; kind = ahead.pop()) {
    if (kind === to) return true
    if (seen.has(kind)) continue
    seen.add(kind)
    ahead.push(...(after.get(kind) ?? []))
  }
  return false
}

/** Kinds that come before reclaim and after it: a deadlock that waits for memory to be short. */
export function throughReclaim(state: LockOrder): string[] {
  const before = [...state.after].filter(([, next]) => next.has(reclaim)).map(([kind]) => kind)
  return before.filter((kind) => leadsTo(state, reclaim, kind))
}

function enter(state: LockOrder, task: number, context: string, known: Known): void {
  learn(state, { task, name: context }, known)
  const inside = state.contexts.get(task)
  if (inside) inside.push(context)
  else state.contexts.set(task, [context])
}

function leave({ contexts }: LockOrder, task: number, context: string): void {
  const inside = contexts.get(task) ?? []
  const at = inside.lastIndexOf(context)
  if (at >= 0) inside.splice(at, 1)
}

function learn({ after, contexts }: LockOrder, { task, name }: Taken, known: Known): void {
  const held = heldBy(known.locks, task).map((one) => one.name)
  for (const before of [...held, ...(contexts.get(task) ?? [])]) {
    if (before === name) continue
    const next = after.get(before)
    if (!next) after.set(before, new Set([name]))
    else if (!next.has(name)) next.add(name)
  }
}
