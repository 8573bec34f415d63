import { contract } from '../contract'
import { collided, entriesRead } from '../facts/entries-read'
import { quiescence } from '../facts/quiescence'

/** A start and end that both fall between snapshot and check must be noticed all the same. */
export const completePairIsNoticed = contract({
  id: 'HMM-23',
  binds: 'hmm',
  says: 'a start and an end that both occur between snapshot and the validity test must cause a retry',
  cites: ['000:6291-6297', '000:55-57'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { entriesRead, quiescence },
  on: {
    'hmm_range_valid.return': (_state, { range, result }, { entriesRead, quiescence }, tell) => {
      const { open, complete } = collided(entriesRead, quiescence, range)
      if (complete.length === 0 || open.length > 0) return
      if (result)
        tell.object(
          `hmm_range_valid(${range}) is true although ${complete[0]} began and ended since its snapshot`,
        )
      else tell.exercise(complete.length === 1 ? 'one complete pair' : 'several complete pairs')
    },
  },
})
