import { contract } from '../contract'
import { idleSince } from '../facts/busyness'
import { askedOf, onAnswers, reasonOf, type Questions } from './answers'

/** The count is that of open passes: none stays behind, and none is taken back twice. */
export const onlyOpenPassesAreCounted = contract({
  id: 'HMM-03',
  binds: 'hmm',
  says: 'without an open pass a wait is true and does not sleep; under one that outlived another a newly registered range is not quiescent',
  cites: ['000:6264-6265', '000:3089'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onAnswers((answer, known, tell) => {
    const { range, quiet, shape, since } = answer
    if (shape.startsWith('wait') && idleSince(known.busyness, range, since)) {
      if (quiet) tell.exercise(`no pass open, ${shape}`)
      else tell.object(`${shape} on ${range} although no pass is open`)
    }
    const reason = reasonOf(answer, known)
    if (reason?.kind !== 'under') return
    const outlived = reason.under.find(({ afterAnEnd }) => afterAnEnd)
    if (!outlived) return
    if (quiet)
      tell.object(
        `${shape} on ${range}, registered under ${outlived.pass} after another pass ended`,
      )
    else tell.exercise(`registered after another end, ${shape}`)
  }),
})
