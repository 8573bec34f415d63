import { contract } from '../contract'
import { callbacks, startOf } from '../facts/callbacks'
import { intersects, overlapShape } from '../facts/passes'
import { quiescence } from '../facts/quiescence'

interface Sync {
  readonly mn: string
  readonly mirror: string
  readonly start: number
  readonly end: number
}

/** All ranges that a pass hits are marked before the first driver hears of it. */
export const markedBeforeDriversAreCalled = contract({
  id: 'HMM-04',
  binds: 'hmm',
  says: 'while a sync runs, of whichever mirror, hmm_range_valid of every range that the pass intersects is false',
  cites: ['000:3088-3096'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { callbacks, quiescence },
  /** The sync that each task is inside of. */
  start: (): Map<number, Sync> => new Map(),
  on: {
    sync_cpu_device_pagetables: (syncs, { task, mirror, start, end }, { callbacks }) => {
      const caller = startOf(callbacks, task)
      if (caller) syncs.set(task, { mn: caller.on, mirror, start, end })
    },
    'sync_cpu_device_pagetables.return': (syncs, { task }) => void syncs.delete(task),
    oops: (syncs, { task }) => void syncs.delete(task),
    'hmm_range_valid.return': (syncs, { range, result }, { quiescence }, tell) => {
      const asked = quiescence.ranges.get(range)
      if (!asked?.registered) return
      for (const sync of syncs.values()) {
        if (sync.mn !== asked.mn || !intersects(sync, asked)) continue
        const whose = sync.mirror === asked.mirror ? 'its own mirror' : 'another mirror'
        const interval = `[${sync.start}, ${sync.end})`
        if (result)
          tell.object(
            `hmm_range_valid(${range}) is true inside the sync of ${sync.mirror} for ${interval}`,
          )
        else tell.exercise(`sync of ${whose}, ${overlapShape(sync, asked)}`)
      }
    },
  },
})
