import { contract } from '../contract'
import { atomicity, nonBlockDepth } from '../facts/atomicity'

interface Ends {
  /** Tasks inside of an end too many, and whether it has been warned of. */
  readonly tooMany: Map<number, boolean>
  /** Tasks that made an end too many. */
  readonly after: Set<number>
}

/** An end too many is an error of its own, not one that shows up wherever the task goes next. */
export const sectionsBalance = contract({
  id: 'BLK-08',
  binds: 'debug',
  says: 'a non_block_end without a start is warned of and leaves the task able to sleep; sections are over when an operation is',
  cites: ['002:219-222'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { atomicity },
  start: (): Ends => ({ tooMany: new Map(), after: new Set() }),
  on: {
    non_block_end: ({ tooMany }, { task }, { atomicity }) => {
      if (nonBlockDepth(atomicity, task) === 0) tooMany.set(task, false)
    },
    __warn: ({ tooMany }, { task }) => {
      if (tooMany.has(task)) tooMany.set(task, true)
    },
    'non_block_end.return': ({ tooMany, after }, { task }, _known, tell) => {
      const warned = tooMany.get(task)
      if (warned === undefined) return
      tooMany.delete(task)
      after.add(task)
      if (warned) tell.exercise('an end too many was warned of')
      else tell.object(`task ${task} ends a section that it is not in, and nobody warns`)
    },
    debug_report: ({ after }, { task, report }, { atomicity }, tell) => {
      if (after.has(task) && nonBlockDepth(atomicity, task) === 0 && /non-blocking/.test(report))
        tell.object(`task ${task} is in no section and is reported: ${report}`)
    },
    'operation.return': ({ after }, { task }, { atomicity }, tell) => {
      after.delete(task)
      if (nonBlockDepth(atomicity, task) > 0)
        tell.object(`task ${task} ends its operation inside a section that must not block`)
      else tell.exercise('an operation ended outside')
    },
  },
})
