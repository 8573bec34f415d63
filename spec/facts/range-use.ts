/**
 * How drivers use their ranges, and which device stands behind which mirror.
 *
 * A driver is only seen at work: a device belongs to the mirror in whose sync it is cleared, or in the
 * use of whose range it is set. A task uses a range from the success of its registration to the entry
 * of its removal.
 */
import { fact } from '../contract'
import { callbacks, callbacksOf } from './callbacks'
import { exclusive, heldBy, locks } from './locks'

export interface Use {
  readonly range: string
  readonly mirror: string
  readonly start: number
  readonly end: number
}

export interface RangeUse {
  /** The ranges each task uses, innermost last. */
  readonly byTask: Map<number, Use[]>
  /** The mirror behind a device. */
  readonly mirrorOf: Map<string, string>
  /** Locks that every clear inside a mirror's sync held exclusively. */
  readonly updateLocks: Map<string, readonly string[]>
}

export const rangeUse = fact({
  name: 'range use',
  uses: { callbacks, locks },
  start: (): RangeUse => ({ byTask: new Map(), mirrorOf: new Map(), updateLocks: new Map() }),
  on: {
    'hmm_range_register.return': ({ byTask }, { task, range, mirror, start, end, result }) => {
      if (result !== 0) return
      const uses = byTask.get(task) ?? []
      byTask.set(task, [...uses, { range, mirror, start, end }])
    },
    hmm_range_unregister: ({ byTask }, { range }) => {
      for (const [task, uses] of byTask)
        byTask.set(
          task,
          uses.filter((use) => use.range !== range),
        )
    },
    device_pte_clear: (state, { task, device }, { callbacks, locks }) => {
      const mirror = syncedMirror(callbacksOf(callbacks, task))
      if (mirror === undefined) return
      state.mirrorOf.set(device, mirror)
      const held = exclusive(heldBy(locks, task)).map(({ lock }) => lock)
      const common = state.updateLocks.get(mirror)?.filter((lock) => held.includes(lock)) ?? held
      state.updateLocks.set(mirror, common)
    },
    device_pte_set: (state, { task, device, page }) => {
      const use = useOf(state, task, page)
      if (use) state.mirrorOf.set(device, use.mirror)
    },
  },
})

/** The innermost range that a task uses at a page. */
export function useOf({ byTask }: RangeUse, task: number, page: number): Use | undefined {
  return byTask.get(task)?.findLast(({ start, end }) => start <= page && page < end)
}

/** The mirror whose sync a task is inside of, directly. */
export function syncedMirror(
  stack: readonly { readonly op: string; readonly on: string }[],
): string | undefined {
  const innermost = stack.at(-1)
  return innermost?.op === 'sync' ? innermost.on : undefined
}
