import { contract } from '../contract'
import { atomicity, nonBlockDepth } from '../facts/atomicity'

/** Three conditions, and a report exactly where all of them hold. */
export const schedulingIsChecked = contract({
  id: 'BLK-09',
  binds: 'debug',
  says: 'leaving the CPU is reported exactly if it is no preemption, the task does not run on, and it is where blocking is forbidden',
  cites: ['002:266-273'],
  minimum: { exercised: 200, witnesses: 8 },
  uses: { atomicity },
  /** Tasks inside the check, and what they were reported for. */
  start: () => new Map<number, string>(),
  on: {
    schedule_debug: (state, { task }) => void state.set(task, ''),
    debug_report: (state, { task, report }) => {
      if (state.has(task)) state.set(task, report)
    },
    'schedule_debug.return': (reports, { task, state, preempt }, { atomicity }, tell) => {
      const report = reports.get(task)
      reports.delete(task)
      const inSection = nonBlockDepth(atomicity, task) > 0
      const shape = `${preempt ? 'preempted' : 'of its own'}, ${state === 0 ? 'running' : 'sleeping'}, ${inSection ? 'inside' : 'outside'}`
      const due = !preempt && state !== 0 && inSection
      if (due === (report !== '')) tell.exercise(shape)
      else
        tell.object(due ? `${shape}: nothing is reported` : `${shape}: is reported as "${report}"`)
    },
  },
})
