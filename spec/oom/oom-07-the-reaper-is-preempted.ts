import { contract } from '../contract'
import { reaping } from '../facts/reaping'

/** The reaper may run long, so others run meanwhile, wherever it is: the suite must reach that. */
export const theReaperIsPreempted = contract({
  id: 'OOM-07',
  kind: 'adversary',
  binds: 'mm',
  says: 'the oom reaper may be preempted before its passes and within each of them, for as long as others like',
  cites: ['002:4400-4403', '002:2000-2001'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { reaping },
  on: {
    operation: (_state, { task }, { reaping }, tell) => {
      for (const [reaper, { passes, inPass }] of reaping.byTask) {
        if (reaper === task) continue
        if (!inPass) tell.exercise('outside of a pass')
        else tell.exercise(passes.length === 1 ? 'within its first pass' : 'within a later pass')
      }
    },
  },
})
