import { contract } from '../contract'
import { overlapShape } from '../facts/passes'
import { askedOf, onAnswers, reasonOf, type Questions } from './answers'

/** A range never met the passes that were open when it was registered: it waits for all of them. */
export const registeredUnderAPass = contract({
  id: 'HMM-08',
  binds: 'hmm',
  says: 'a range registered while a pass is open, intersecting or not, is not quiescent before that pass is over',
  cites: ['000:1106-1107', '000:3178-3179'],
  minimum: { exercised: 100, witnesses: 4 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onAnswers((answer, known, tell) => {
    const reason = reasonOf(answer, known)
    const range = known.quiescence.ranges.get(answer.range)
    if (reason?.kind !== 'under' || !range) return
    const open = reason.under.find(({ inCallback }) => !inCallback)
    if (!open || reason.under.some(({ afterAnEnd }) => afterAnEnd)) return
    const lies = overlapShape(open, range)
    if (answer.quiet)
      tell.object(`${answer.shape} on ${range.range}, registered under ${open.pass}, ${lies}`)
    else tell.exercise(`${answer.shape}, pass ${lies}`)
  }),
})
