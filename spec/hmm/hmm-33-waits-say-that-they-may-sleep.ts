import { contract } from '../contract'

interface Wait {
  readonly range: string
  said: boolean
  slept: boolean
}

/** A wait tells the debugging checks that it may sleep, also when it will not. */
export const waitsSayThatTheyMaySleep = contract({
  id: 'HMM-33',
  binds: 'hmm',
  says: 'every hmm_range_wait_until_valid calls might_sleep, even if its range is quiescent already',
  cites: ['000:670-673'],
  minimum: { exercised: 200, witnesses: 2 },
  /** The wait that each task is inside of. */
  start: () => new Map<number, Wait>(),
  on: {
    hmm_range_wait_until_valid: (waits, { task, range }) =>
      void waits.set(task, { range, said: false, slept: false }),
    might_sleep: (waits, { task }) => {
      const wait = waits.get(task)
      if (wait) wait.said = true
    },
    schedule_timeout: (waits, { task }) => {
      const wait = waits.get(task)
      if (wait) wait.slept = true
    },
    'hmm_range_wait_until_valid.return': (waits, { task }, _known, tell) => {
      const wait = waits.get(task)
      waits.delete(task)
      if (!wait) return
      if (wait.said) tell.exercise(wait.slept ? 'and slept' : 'and did not sleep')
      else tell.object(`a wait on ${wait.range} is over and never said that it may sleep`)
    },
  },
})
