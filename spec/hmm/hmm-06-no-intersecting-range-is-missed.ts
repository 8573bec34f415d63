import { contract } from '../contract'
import { overlapShape } from '../facts/passes'
import { askedOf, onAnswers, reasonOf, type Questions } from './answers'

/** A pass makes every registered range busy that it shares a page with. */
export const noIntersectingRangeIsMissed = contract({
  id: 'HMM-06',
  binds: 'hmm',
  says: 'a start makes every registered range that intersects it not quiescent while the pass is open',
  cites: ['000:6245-6246', '000:3091'],
  minimum: { exercised: 100, witnesses: 5 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onAnswers((answer, known, tell) => {
    const reason = reasonOf(answer, known)
    const range = known.quiescence.ranges.get(answer.range)
    if (reason?.kind !== 'hit' || !range) return
    const { pass, start, end } = reason
    if (answer.quiet)
      tell.object(
        `${answer.shape} on ${range.range} [${range.start}, ${range.end}) although ${pass} [${start}, ${end}) is open`,
      )
    else tell.exercise(`${answer.shape}, pass ${overlapShape(reason, range)}`)
  }),
})
