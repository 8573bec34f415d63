/**
 * Lockdep: learns in which order locks are taken, and reports an order that can deadlock although nothing
 * has deadlocked (002:2730-2734).
 *
 * A lock's name is its class. What was learned belongs to whoever makes the runs and hands it in; without,
 * it ends with the run. Waiting for an event teaches nothing (002:1891-1896).
 *
 * Left out: interrupt states, read recursion, the lock of RCU.
 */
import { writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { define, isObserved, symbol } from '../../engine/symbol'
import { __GFP_DIRECT_RECLAIM, __GFP_FS, __GFP_NOLOCKDEP } from '../../spec/headers/gfp'
import {
  fs_reclaim_acquire,
  fs_reclaim_release,
  lock_map_acquire,
  lock_map_release,
  lockdep_assert_held,
  lockdep_assert_held_exclusive,
  lockdep_report,
  type lockdep_map,
} from '../../spec/headers/lockdep'
import { debug_report } from '../../spec/headers/sched'
import { current } from './sched'

/** By class, the classes that were taken while a lock of it was held. */
export type LockGraph = Map<string, Set<string>>

const knowledge = perRun(() => ({
  graph: new Map() as LockGraph,
  inThisRun: new Map() as LockGraph,
}))

/** Goes on from what earlier runs have taught, and adds to it (002:2730-2734). */
export function lockdepLearnsIn(graph: LockGraph): void {
  knowledge().graph = graph
}

export interface Acquisition {
  /** Taken without waiting: nothing can deadlock on it. */
  readonly trylock?: boolean
  readonly shared?: boolean
  /** A lock that is held and orders those of this class among each other. */
  readonly nest?: object
}

/** Somebody is about to take a lock, or has just taken it without waiting (002:1838-1840). */
export const lock_acquire = symbol(
  'lock_acquire',
  (lock: lockdep_map, { trylock, shared, nest }: Acquisition): void => {
    const { held_locks } = current()
    if (!trylock)
      for (const held of held_locks)
        if (held.name !== lock.name) add_lock_dependency(held.name, lock.name)
        else if (!held_locks.some((one) => one.lock === nest)) report_recursion(lock.name)
    held_locks.push({ lock, name: lock.name, exclusive: !shared })
  },
)

/** The task holds the lock no longer. Linux's own (kernel/locking/lockdep.c). */
export const lock_release = symbol('lock_release', (lock: lockdep_map): void => {
  const { held_locks } = current()
  const at = held_locks.findLastIndex((held) => held.lock === lock)
  if (at >= 0) held_locks.splice(at, 1)
})

/**
 * Learns that `next` is taken with `prev` held; reports if it was known the other way round
 * (002:1842-1844, 002:2730-2734).
 */
export const add_lock_dependency = symbol(
  'add_lock_dependency',
  (prev: string, next: string): void => {
    const { graph, inThisRun } = knowledge()
    if (!learn(inThisRun, prev, next)) return
    // Who learns first makes the report: of interest only to those who hear of reports.
    if (isObserved(lockdep_report)) writes('lock order')
    learn(graph, prev, next)
    const back = pathBetween(graph, next, prev)
    if (back) report_cycle([prev, ...back])
  },
)

function report_recursion(name: string): void {
  lockdep_report(`${name} -> ${name}`, 0)
}

/** `cycle` ends where it begins. */
function report_cycle(cycle: readonly string[]): void {
  const { inThisRun } = knowledge()
  const earlier = cycle.slice(1).filter((next, i) => !inThisRun.get(cycle[i]!)?.has(next))
  lockdep_report(cycle.join(' -> '), earlier.length)
}

/** Whether it was new. */
function learn(graph: LockGraph, prev: string, next: string): boolean {
  const after = graph.get(prev)
  if (after?.has(next)) return false
  if (after) after.add(next)
  else graph.set(prev, new Set([next]))
  return true
}

/** Classes on the way from one to another, or null: breadth first, so the shortest. */
function pathBetween(graph: LockGraph, from: string, to: string): string[] | null {
  const ways: string[][] = [[from]]
  const seen = new Set([from])
  for (const way of ways)
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === to) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  return null
}

// ---- locks that stand for a context ----------------------------------------------------------------------

define(lock_map_acquire, (map) => lock_acquire(map, {}))
define(lock_map_release, (map) => lock_release(map))

/** Reclaim that enters file systems; not the rule of the oom reaper (002:4010-4015). */
const fs_reclaim_map: lockdep_map = { name: 'fs_reclaim' }

/**
 * Whether an allocation or reclaim with these flags may recurse into file systems (002:2121-2126).
 */
export const need_fs_reclaim = symbol('need_fs_reclaim', (gfp: number): boolean => {
  if ((gfp & __GFP_DIRECT_RECLAIM) === 0 || (gfp & __GFP_NOLOCKDEP) !== 0) return false
  return (gfp & __GFP_FS) !== 0
})

define(fs_reclaim_acquire, (gfp) => {
  if (need_fs_reclaim(gfp)) lock_map_acquire(fs_reclaim_map)
})

define(fs_reclaim_release, (gfp) => {
  if (need_fs_reclaim(gfp)) lock_map_release(fs_reclaim_map)
})

// ---- assertions --------------------------------------------------------------------------------------------

define(lockdep_assert_held, (lock) => {
  if (!current().held_locks.some((held) => held.lock === lock))
    debug_report(`${nameOf(lock)} is not held`)
})

define(lockdep_assert_held_exclusive, (lock) => {
  if (!current().held_locks.some((held) => held.lock === lock && held.exclusive))
    debug_report(`${nameOf(lock)} is not held for writing`)
})

const nameOf = (lock: object): string => (lock as lockdep_map).name
