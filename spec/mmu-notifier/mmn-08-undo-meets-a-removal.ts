import { contract } from '../contract'
import { isUndo, passes } from '../facts/passes'

/** An undo finds out whom it owes an end although the list changes under it. */
export const undoMeetsARemoval = contract({
  id: 'MMN-08',
  binds: 'notifier-core',
  says: 'an undo during which a notifier is removed, even the one that refused, ends only those whose start had succeeded in this pass',
  cites: ['004:89-98'],
  minimum: { exercised: 5, witnesses: 2 },
  uses: { passes },
  on: {
    invalidate_range_end: (_state, { pass, mn }, { passes }, tell) => {
      const known = passes.byId.get(pass)
      if (!known || !isUndo(known) || known.removed.size === 0) return
      if (known.starts.get(mn) !== 0)
        return tell.object(
          `the undo of ${pass}, which met a removal, ends ${mn}, which had no start`,
        )
      const [refuser] = [...known.starts].find(([, result]) => result !== 0) ?? []
      tell.exercise(
        refuser !== undefined && known.removed.has(refuser)
          ? 'the refuser is being removed'
          : 'another is being removed',
      )
    },
  },
})
