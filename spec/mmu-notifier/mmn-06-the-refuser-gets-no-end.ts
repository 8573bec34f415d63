import { contract } from '../contract'
import { passes } from '../facts/passes'

/** The notifier that refused a pass is not told of its end. */
export const theRefuserGetsNoEnd = contract({
  id: 'MMN-06',
  binds: 'notifier-core',
  says: 'a notifier whose own start refused a pass receives no range_end for it',
  cites: ['004:92-94'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { passes },
  on: {
    'invalidate_range_start.return': (_state, { pass, blockable, result }, { passes }, tell) => {
      if (blockable || result === 0) return
      tell.exercise(
        passes.byId.get(pass)?.starts.size === 1 ? 'refused first' : 'refused after others agreed',
      )
    },
    invalidate_range_end: (_state, { pass, mn }, { passes }, tell) => {
      const answered = passes.byId.get(pass)?.starts.get(mn)
      if (answered) tell.object(`${mn} refused ${pass} with ${answered} and is told of its end`)
    },
  },
})
