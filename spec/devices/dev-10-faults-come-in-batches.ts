import { contract } from '../contract'

/** Whoever answers one fault at a time is behind at once: the suite must let several wait. */
export const faultsComeInBatches = contract({
  id: 'DEV-10',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device faults again before its driver has looked at the fault before, and the driver finds several at once',
  cites: ['000:4950-4953'],
  minimum: { exercised: 20, witnesses: 2 },
  on: {
    device_faults_taken: (_state, { count }, _known, tell) => {
      if (count > 1) tell.exercise(count === 2 ? 'two' : 'more than two')
    },
  },
})
