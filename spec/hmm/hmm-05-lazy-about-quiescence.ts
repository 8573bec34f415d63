import { contract } from '../contract'
import { askedOf, onAnswers, reasonOf, type Questions } from './answers'

/** A range that was made busy stays so until the last counted pass is over, whichever that is. */
export const lazyAboutQuiescence = contract({
  id: 'HMM-05',
  binds: 'hmm',
  says: 'a range made busy is not quiescent again before the last pass of the address space is over',
  cites: ['000:3055-3064', '000:6244-6247'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onAnswers((answer, known, tell) => {
    if (reasonOf(answer, known)?.kind !== 'lazy') return
    const { range, quiet, shape } = answer
    if (quiet) tell.object(`${shape} on ${range} although a pass is open and it was busy before`)
    else tell.exercise(shape)
  }),
})
