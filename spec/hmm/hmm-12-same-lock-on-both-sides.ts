import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks, type Held } from '../facts/locks'
import { intersects } from '../facts/passes'
import { rangeUse, syncedMirror } from '../facts/range-use'

/** A store into a device's page table, or a clearing of it, and the locks that cover it. */
interface Change {
  readonly start: number
  readonly end: number
  readonly held: readonly Held[]
  readonly shape: string
}

interface Changes {
  /** What each task held at its last true validity test. */
  readonly tests: Map<number, readonly Held[]>
  readonly sets: Map<string, Change[]>
  readonly clears: Map<string, Change[]>
}

/** One lock excludes the invalidation callback from validity test and publication together. */
export const sameLockOnBothSides = contract({
  id: 'HMM-12',
  binds: 'driver',
  says: 'a lock that the invalidation callback holds while clearing is held from the true validity test to the publication',
  cites: ['003:2', '000:6832-6833'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { callbacks, locks, rangeUse },
  start: (): Changes => ({ tests: new Map(), sets: new Map(), clears: new Map() }),
  on: {
    'hmm_range_valid.return': ({ tests }, { task, result }, { locks }) => {
      if (result) tests.set(task, [...heldBy(locks, task)])
      else tests.delete(task)
    },
    device_pte_set: (
      { tests, sets, clears },
      { task, device, page },
      { locks, rangeUse },
      tell,
    ) => {
      const tested = tests.get(task)
      if (!tested || !rangeUse.mirrorOf.has(device)) return
      const now = heldBy(locks, task)
      const held = tested.filter((lock) => now.includes(lock))
      // Outside the section of a test there is no lock to compare: that is another rule's breach.
      if (held.every(({ name }) => name === 'mmap_sem')) return
      const set = { start: page, end: page + 1, held, shape: 'publication' }
      const clear = remember(sets, device, set, clears.get(device) ?? [])
      if (clear?.apart)
        tell.object(
          `${device} is set under ${names(held)} and cleared under ${names(clear.of.held)}`,
        )
      else if (clear) tell.exercise(`publication after ${clear.of.shape}`)
    },
    device_pte_clear: (
      { sets, clears },
      { task, device, start, end },
      { callbacks, locks },
      tell,
    ) => {
      const stack = callbacksOf(callbacks, task)
      if (syncedMirror(stack) === undefined) return
      const held = [...heldBy(locks, task)]
      const shape = stack.at(-1)!.blockable ? 'a blockable clear' : 'a non-blockable clear'
      const set = remember(clears, device, { start, end, held, shape }, sets.get(device) ?? [])
      if (set?.apart)
        tell.object(`${device} is set under ${names(set.of.held)} and cleared under ${names(held)}`)
      else if (set) tell.exercise(`${shape} after publication`)
    },
  },
})

/** Keeps a change; answers with the first of the other side that no lock keeps apart from it, or any. */
function remember(
  mine: Map<string, Change[]>,
  device: string,
  change: Change,
  others: readonly Change[],
): { of: Change; apart: boolean } | undefined {
  mine.set(device, [...(mine.get(device) ?? []), change])
  const meeting = others.filter((other) => intersects(other, change))
  const apart = meeting.find(({ held }) => !excludes(held, change.held))
  const of = apart ?? meeting.at(-1)
  return of && { of, apart: apart !== undefined }
}

function excludes(one: readonly Held[], other: readonly Held[]): boolean {
  return one.some((a) =>
    other.some((b) => a.lock === b.lock && (a.mode === 'exclusive' || b.mode === 'exclusive')),
  )
}

function names(held: readonly Held[]): string {
  return held.map(({ name }) => name).join(' and ') || 'no lock'
}
