import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

const rangesLock = 'ranges_lock'

/** It can be had without sleeping, so nobody may sleep with it. */
export const nothingSleepsUnderTheRangesLock = contract({
  id: 'LCK-04',
  binds: 'hmm',
  says: 'nothing that may sleep is called with the lock of the ranges held',
  cites: ['000:3088', '000:3006-3007'],
  minimum: { exercised: 500, witnesses: 1 },
  uses: { locks },
  on: {
    might_sleep: (_state, { task }, { locks }, tell) => {
      if (heldBy(locks, task).some(({ name }) => name === rangesLock))
        tell.object(`task ${task} may sleep with ${rangesLock} held`)
    },
    spin_unlock: (_state, { name }, _known, tell) => {
      if (name === rangesLock) tell.exercise('a section')
    },
  },
})
