/** Lockdep: what it is told besides the locks themselves, and what it reports. */
import { id } from '../../engine/ids'
import { happening, plain } from '../../engine/symbol'

/** A lock that nobody waits for: it stands for a context, and only contributes to the order. */
export interface lockdep_map {
  readonly name: string
}

/** Takes a lock that stands for a context, as if it were one (002:426-427). */
export const lock_map_acquire = plain('lock_map_acquire', (map: lockdep_map) => ({ map: map.name }))
/** Leaves the context (002:426-427). */
export const lock_map_release = plain('lock_map_release', (map: lockdep_map) => ({ map: map.name }))

/**
 * Reclaim runs from here to the release; an allocation that may reclaim passes through both
 * (002:1838-1840).
 */
export const fs_reclaim_acquire = plain('fs_reclaim_acquire', (gfp: number) => ({ gfp }))
/** Reclaim, or an allocation that might have reclaimed, is over (002:1838-1840). */
export const fs_reclaim_release = plain('fs_reclaim_release', (gfp: number) => ({ gfp }))

/** Reports a lock that the caller should hold and does not (000:3052). */
export const lockdep_assert_held = plain('lockdep_assert_held', (lock: object) => ({
  lock: id('lock', lock),
}))
/** The same for a lock that should be held for writing (000:558). */
export const lockdep_assert_held_exclusive = plain(
  'lockdep_assert_held_exclusive',
  (lock: object) => ({ lock: id('lock', lock) }),
)

/**
 * An order of locks that can deadlock: `a -> b -> a`. `earlier` counts the steps of the cycle that were
 * learned before this run.
 */
export const lockdep_report = happening('lockdep_report', (cycle: string, earlier: number) => ({
  cycle,
  earlier,
}))
