import { contract } from '../contract'
import { overlapShape } from '../facts/passes'
import { askedOf, onAnswers, reasonOf, type Questions } from './answers'

/** A pass counts already while it calls drivers, so that nobody registers a quiescent range meanwhile. */
export const countedWhileDriversAreCalled = contract({
  id: 'HMM-07',
  binds: 'hmm',
  says: 'a range that another task registers while sync callbacks of a pass run is not quiescent while the pass is counted',
  cites: ['000:2984-2987'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onAnswers((answer, known, tell) => {
    const reason = reasonOf(answer, known)
    const range = known.quiescence.ranges.get(answer.range)
    if (reason?.kind !== 'under' || !range) return
    const [first] = reason.under
    if (!first || reason.under.some(({ inCallback, afterAnEnd }) => !inCallback || afterAnEnd))
      return
    if (answer.quiet)
      tell.object(
        `${answer.shape} on ${range.range}, registered while ${first.pass} called its drivers`,
      )
    else tell.exercise(`${answer.shape}, pass ${overlapShape(first, range)}`)
  }),
})
