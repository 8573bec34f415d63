import { contract } from '../contract'

interface Reclaiming {
  readonly unmapping: Set<number>
  /** Tasks that sleep in it. */
  readonly asleep: Set<number>
}

/** What the oom reaper must not do, reclaim may. */
export const reclaimMaySleep = contract({
  id: 'LCK-25',
  kind: 'adversary',
  binds: 'mm',
  says: 'a task sleeps inside reclaim, and nothing is reported',
  cites: ['002:1220-1224'],
  minimum: { exercised: 50, witnesses: 1 },
  start: (): Reclaiming => ({ unmapping: new Set(), asleep: new Set() }),
  on: {
    try_to_unmap: ({ unmapping }, { task }) => void unmapping.add(task),
    'try_to_unmap.return': ({ unmapping }, { task }) => void unmapping.delete(task),
    schedule: ({ unmapping, asleep }, { task }) => {
      if (unmapping.has(task)) asleep.add(task)
    },
    debug_report: ({ asleep }, { task, report }, _known, tell) => {
      if (asleep.has(task)) tell.object(`task ${task} sleeps in reclaim and is reported: ${report}`)
    },
    'schedule.return': ({ asleep }, { task, why }, _known, tell) => {
      if (asleep.delete(task)) tell.exercise(why)
    },
  },
})
