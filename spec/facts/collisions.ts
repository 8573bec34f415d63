/** For each range, the passes that hit it since its last accepted snapshot, open or complete. */
import { fact } from '../contract'
import { callbacks, callbacksOf } from './callbacks'
import { intersects } from './passes'
import { quiescence } from './quiescence'

export interface Hits {
  readonly open: Set<string>
  readonly complete: Set<string>
}

export interface Collisions {
  /** Since the entry of the last accepted snapshot or fault, by range. */
  readonly sinceSnapshot: Map<string, Hits>
  /** The same for one that is under way. */
  readonly underWay: Map<string, Hits>
}

const none = (): Hits => ({ open: new Set(), complete: new Set() })

export const collisions = fact({
  name: 'collisions',
  uses: { callbacks, quiescence },
  start: (): Collisions => ({ sinceSnapshot: new Map(), underWay: new Map() }),
  on: {
    hmm_range_snapshot: ({ underWay }, { range }) => void underWay.set(range, none()),
    hmm_range_fault: ({ underWay }, { range }) => void underWay.set(range, none()),
    'hmm_range_snapshot.return': (state, { range, result }) => accept(state, range, result),
    'hmm_range_fault.return': (state, { range, result }) => accept(state, range, result),
    sync_cpu_device_pagetables: (state, { task, mirror, start, end }, { callbacks, quiescence }) => {
      const pass = callbacksOf(callbacks, task).findLast(({ op }) => op === 'start')?.pass
      if (pass === undefined) return
      for (const range of quiescence.ranges.values()) {
        if (range.mirror !== mirror || !intersects(range, { start, end })) continue
        state.sinceSnapshot.get(range.range)?.open.add(pass)
        state.underWay.get(range.range)?.open.add(pass)
      }
    },
    // Complete when HMM has handled the end; a pair inside a snapshot's call may have come before the
    // first entry was read, so it does not count against that snapshot.
    'invalidate_range_end.return': ({ sinceSnapshot, underWay }, { pass }) => {
      for (const { open, complete } of sinceSnapshot.values()) if (open.delete(pass)) complete.add(pass)
      for (const { open } of underWay.values()) open.delete(pass)
    },
    // Refused: it hit nothing in the end, though a snapshot may have to be taken anew.
    'invalidate_range_start.return': (state, { pass, result }) => {
      if (result === 0) return
      for (const { open } of [...state.sinceSnapshot.values(), ...state.underWay.values()]) open.delete(pass)
    },
    hmm_range_unregister: (state, { range }) => {
      state.sinceSnapshot.delete(range)
      state.underWay.delete(range)
    },
  },
})

function accept({ sinceSnapshot, underWay }: Collisions, range: string, result: number): void {
  const hits = underWay.get(range)
  underWay.delete(range)
  if (result >= 0 && hits) sinceSnapshot.set(range, hits)
}

/** What has hit a range since its entries were read: nothing, where they never were. */
export function collided(
  state: Collisions,
  _quiescence: unknown,
  range: string,
): { readonly open: readonly string[]; readonly complete: readonly string[] } {
  const { open, complete } = state.sinceSnapshot.get(range) ?? none()
  return { open: [...open], complete: [...complete] }
}
