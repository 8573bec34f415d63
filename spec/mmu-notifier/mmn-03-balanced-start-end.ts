import { contract } from '../contract'
import { isOwedAnEnd, mirrors } from '../facts/mirrors'
import { isUndo, passes } from '../facts/passes'

/** A notifier hears as many ends of a pass as it had successful starts: none or one of each. */
export const balancedStartEnd = contract({
  id: 'MMN-03',
  binds: 'notifier-core',
  says: 'for each pass a notifier gets exactly as many range_end calls as it had successful range_starts, none or one',
  cites: ['004:59-68', '000:6905-6906', '000:6920-6921'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { mirrors, passes },
  on: {
    invalidate_range_end: (_state, { pass, mn, blockable }, { passes }, tell) => {
      const known = passes.byId.get(pass)
      // An undo that meets a removal is judged by MMN-08.
      if (known && isUndo(known) && known.removed.size > 0) return
      if (known?.starts.get(mn) === undefined)
        tell.object(`${mn} gets an end of ${pass} without a start`)
      else
        tell.exercise(blockable ? 'blockable end' : `end of a non-blockable pass, ${known.phase}`)
    },
    run_end: (_state, { kind }, { mirrors, passes }, tell) => {
      if (kind !== 'done') return
      // Who was removed meanwhile is owed nothing (004:89-90).
      for (const known of passes.byId.values())
        for (const [mn, result] of known.starts)
          if (result === 0 && !known.ends.has(mn) && isOwedAnEnd(mirrors, mn))
            tell.object(`${mn} had a successful start of ${known.pass} and never its end`)
    },
  },
})
