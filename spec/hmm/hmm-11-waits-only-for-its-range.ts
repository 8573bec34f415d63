import { contract } from '../contract'
import { idleSince, quietSince } from '../facts/busyness'
import { askedOf, onWaits, type Questions } from './answers'

/** A pass that does not concern a range does not hold up who waits on it. */
export const waitsOnlyForItsRange = contract({
  id: 'HMM-11',
  binds: 'hmm',
  says: 'a wait on a range that no pass concerns is true and does not sleep, even while passes of the mm are open',
  cites: ['000:6270-6273'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: askedOf,
  start: (): Questions => new Map(),
  on: onWaits(({ range, quiet, shape, since }, { busyness }, tell) => {
    // With no pass open at all, HMM-03 judges.
    if (idleSince(busyness, range, since)) return
    if (!quietSince(busyness, range, since)) return
    if (quiet) tell.exercise(`beside a pass, ${shape}`)
    else tell.object(`${shape} on ${range}, which no open pass concerns`)
  }),
})
