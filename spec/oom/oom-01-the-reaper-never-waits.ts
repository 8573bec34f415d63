import { contract } from '../contract'
import { reaping } from '../facts/reaping'

/** All of the reaper's way, not only what drivers do of it, is one on which it waits for nobody. */
export const theReaperNeverWaits = contract({
  id: 'OOM-01',
  binds: 'mm',
  says: 'from the moment the oom reaper takes on an address space until it is done with it, it never goes to sleep',
  cites: ['002:3997-3999', '002:1614-1617'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { reaping },
  on: {
    schedule: (_state, { task, why }, { reaping }, tell) => {
      const reap = reaping.byTask.get(task)
      if (reap)
        tell.object(`task ${task} sleeps (${why}) ${reap.inPass ? 'in a pass' : 'while it reaps'}`)
    },
    'mmu_notifier_invalidate_range_start_nonblock.return': (
      _state,
      { task, result },
      { reaping },
      tell,
    ) => {
      if (reaping.byTask.has(task)) tell.exercise(result === 0 ? 'agreed' : 'refused')
    },
    'oom_reap_task_mm.return': (_state, { result }, _known, tell) =>
      tell.exercise(result ? 'all reaped' : 'something left'),
  },
})
