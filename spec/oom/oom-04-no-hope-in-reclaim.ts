import { contract } from '../contract'
import { reaping, type Reaping } from '../facts/reaping'
import type { Tell } from '../contract'

/** Reclaim may sleep and wait for reclaim; the reaper is there because all of that was of no use. */
export const noHopeInReclaim = contract({
  id: 'OOM-04',
  binds: 'mm',
  says: 'the oom reaper neither reclaims nor waits for an event that others bring about',
  cites: ['002:4012-4015'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { reaping },
  start: () => ({ reclaiming: new Set<number>() }),
  on: {
    try_to_unmap: ({ reclaiming }, { task }, { reaping }, tell) => {
      reclaiming.add(task)
      forbid('reclaims a page', task, reaping, tell)
    },
    'try_to_unmap.return': ({ reclaiming }, { task }) => void reclaiming.delete(task),
    do_try_to_free_pages: (_state, { task }, { reaping }, tell) =>
      forbid('reclaims', task, reaping, tell),
    balance_pgdat: (_state, { task }, { reaping }, tell) =>
      forbid('does the work of kswapd', task, reaping, tell),
    wait_event_timeout: (_state, { task }, { reaping }, tell) =>
      forbid('waits for an event', task, reaping, tell),
    synchronize_srcu: (_state, { task }, { reaping }, tell) =>
      forbid('waits for a grace period', task, reaping, tell),
    'oom_reap_task_mm.return': ({ reclaiming }, _event, _known, tell) =>
      tell.exercise(reclaiming.size > 0 ? 'while a page is reclaimed' : 'nobody reclaims'),
  },
})

function forbid(does: string, task: number, reaping: Reaping, tell: Tell): void {
  if (reaping.byTask.has(task)) tell.object(`task ${task} ${does} while it reaps`)
}
