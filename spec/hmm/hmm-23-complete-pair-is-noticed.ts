import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { intersects } from '../facts/passes'
import { quiescence } from '../facts/quiescence'

interface Snapshots {
  /** Since the entry of the last accepted snapshot of each range: the intersecting passes synced. */
  readonly collided: Map<string, Set<string>>
  /** The same for a snapshot under way. */
  readonly underWay: Map<string, Set<string>>
  /** Passes whose end HMM has handled. */
  readonly ended: Set<string>
}

/** A start and end that both fall between snapshot and check must be noticed all the same. */
export const completePairIsNoticed = contract({
  id: 'HMM-23',
  binds: 'hmm',
  says: 'a start and an end that both occur between snapshot and the validity test must cause a retry',
  cites: ['000:6291-6297', '000:55-57'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks, quiescence },
  start: (): Snapshots => ({ collided: new Map(), underWay: new Map(), ended: new Set() }),
  on: {
    hmm_range_snapshot: ({ underWay }, { range }) => void underWay.set(range, new Set()),
    hmm_range_fault: ({ underWay }, { range }) => void underWay.set(range, new Set()),
    'hmm_range_snapshot.return': (state, { range, result }) => accept(state, range, result),
    'hmm_range_fault.return': (state, { range, result }) => accept(state, range, result),
    sync_cpu_device_pagetables: (state, { task, mirror, start, end }, { callbacks, quiescence }) => {
      const pass = callbacksOf(callbacks, task).findLast(({ op }) => op === 'start')?.pass
      if (pass === undefined) return
      for (const range of quiescence.ranges.values()) {
        if (range.mirror !== mirror || !intersects(range, { start, end })) continue
        state.collided.get(range.range)?.add(pass)
        state.underWay.get(range.range)?.add(pass)
      }
    },
    'invalidate_range_end.return': ({ ended }, { pass }) => void ended.add(pass),
    'hmm_range_valid.return': ({ collided, ended }, { range, result }, _known, tell) => {
      const passes = [...(collided.get(range) ?? [])]
      const complete = passes.filter((pass) => ended.has(pass))
      if (complete.length === 0 || complete.length < passes.length) return
      if (result) tell.object(`hmm_range_valid(${range}) is true although ${complete[0]} began and ended since its snapshot`)
      else tell.exercise(complete.length === 1 ? 'one complete pair' : 'several complete pairs')
    },
  },
})

function accept({ collided, underWay }: Snapshots, range: string, result: number): void {
  if (result >= 0) collided.set(range, underWay.get(range) ?? new Set())
}
