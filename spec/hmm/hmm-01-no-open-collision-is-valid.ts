import { contract } from '../contract'
import { collided, entriesRead } from '../facts/entries-read'
import { overlapShape, passes } from '../facts/passes'
import { quiescence } from '../facts/quiescence'

/** A range that an open pass has hit since its entries were read is not valid. */
export const noOpenCollisionIsValid = contract({
  id: 'HMM-01',
  binds: 'hmm',
  says: 'while a pass is open that was synced since the last accepted snapshot, hmm_range_valid is false',
  cites: ['000:6267-6268', '000:6286-6289'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { entriesRead, passes, quiescence },
  on: {
    'hmm_range_valid.return': (
      _state,
      { range, result },
      { entriesRead, passes, quiescence },
      tell,
    ) => {
      const [pass] = collided(entriesRead, quiescence, range).open
      if (pass === undefined) return
      const hit = quiescence.ranges.get(range)!
      const by = passes.byId.get(pass)
      const where = by
        ? `${overlapShape(by, hit)}, ${by.blockable ? '' : 'non-'}blockable`
        : 'unseen'
      if (result)
        tell.object(`hmm_range_valid(${range}) is true although ${pass} hit it and is open`)
      else tell.exercise(where)
    },
  },
})
