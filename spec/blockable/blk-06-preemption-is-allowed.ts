import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

interface Preempted {
  /** Tasks inside a callback that must not block, and since when somebody else has run. */
  readonly others: Map<number, boolean>
  readonly sleeping: Set<number>
}

/** Losing the CPU is not giving it up. */
export const preemptionIsAllowed = contract({
  id: 'BLK-06',
  kind: 'permission',
  binds: 'debug',
  says: 'a task that is preempted inside a callback that must not block is not reported for it',
  cites: ['002:267', '002:596-598'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks },
  start: (): Preempted => ({ others: new Map(), sleeping: new Set() }),
  on: {
    non_block_start: ({ others }, { task }) => void others.set(task, false),
    'spin_lock.return': ({ others }, { task }) => {
      for (const [inside] of others) if (inside !== task) others.set(inside, true)
    },
    might_sleep: ({ sleeping }, { task }) => void sleeping.add(task),
    'might_sleep.return': ({ sleeping }, { task }) => void sleeping.delete(task),
    schedule: ({ sleeping }, { task }) => void sleeping.add(task),
    'schedule.return': ({ sleeping }, { task }) => void sleeping.delete(task),
    debug_report: ({ others, sleeping }, { task, report }, { callbacks }, tell) => {
      const inCallback = callbacksOf(callbacks, task).length > 0
      if (inCallback && others.get(task) && !sleeping.has(task))
        tell.object(`task ${task} was preempted and did not sleep, and is reported: ${report}`)
    },
    non_block_end: ({ others }, { task }, { callbacks }, tell) => {
      const op = callbacksOf(callbacks, task).length > 0 ? 'a nested one' : 'a callback'
      if (others.get(task)) tell.exercise(`others ran during ${op}`)
      else if (others.has(task)) tell.exercise(`nobody ran during ${op}`)
      others.delete(task)
    },
  },
})
