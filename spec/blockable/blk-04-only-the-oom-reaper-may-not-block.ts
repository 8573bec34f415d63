import { contract } from '../contract'

/** Refusals are for the oom reaper: everybody else waits. */
export const onlyTheOomReaperMayNotBlock = contract({
  id: 'BLK-04',
  binds: 'mm',
  says: 'a pass that must not block is begun only by the routine that reaps the memory of a killed task',
  cites: ['002:67-68', '002:4135-4136'],
  minimum: { exercised: 200, witnesses: 2 },
  /** Tasks that reap. */
  start: () => new Set<number>(),
  on: {
    oom_reap_task_mm: (reaping, { task }) => void reaping.add(task),
    'oom_reap_task_mm.return': (reaping, { task }) => void reaping.delete(task),
    __mmu_notifier_invalidate_range_start: (reaping, { task, pass, blockable }, _known, tell) => {
      if (!blockable && !reaping.has(task))
        tell.object(`task ${task} begins ${pass} as one that must not block, and reaps nobody`)
      else tell.exercise(blockable ? 'somebody who may block' : 'the reaper')
    },
  },
})
