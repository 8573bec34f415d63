import { contract } from '../contract'

/** A race that is known need not be hit. */
export const reportedWithoutADeadlock = contract({
  id: 'LCK-31',
  kind: 'adversary',
  binds: 'debug',
  says: 'an order of locks that can deadlock is reported in a run in which nobody is stuck, from what this run and earlier ones taught',
  cites: ['002:2686-2688', '002:415-417'],
  minimum: { exercised: 20, witnesses: 2 },
  /** How many reports rested on earlier runs, and how many did not. */
  start: () => ({ ownKnowledge: 0, earlierRuns: 0 }),
  on: {
    lockdep_report: (state, { earlier }) => {
      if (earlier > 0) state.earlierRuns++
      else state.ownKnowledge++
    },
    run_end: ({ ownKnowledge, earlierRuns }, { kind }, _known, tell) => {
      if (kind !== 'done') return
      if (ownKnowledge > 0) tell.exercise('learned in this run')
      if (earlierRuns > 0) tell.exercise('learned in earlier runs too')
    },
  },
})
