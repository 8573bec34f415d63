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
  /** By pass, who was told of its end. */
  start: () => new Map<string, Set<string>>(),
  on: {
    __mmu_notifier_invalidate_range_start: (ended, { pass }) => void ended.delete(pass),
    invalidate_range_end: (ended, { pass, mn, blockable }, { passes }, tell) => {
      const known = passes.byId.get(pass)
      const before = ended.get(pass)
      if (before?.has(mn)) return tell.object(`${mn} gets a second end of ${pass}`)
      if (before) before.add(mn)
      else ended.set(pass, new Set([mn]))
      // An undo that meets a removal is judged by MMN-08.
      if (known && isUndo(known) && known.removed.size > 0) return
      if (known?.starts.get(mn) === undefined)
        tell.object(`${mn} gets an end of ${pass} without a start`)
      else
        tell.exercise(blockable ? 'blockable end' : `end of a non-blockable pass, ${known.phase}`)
    },
    // Who was removed meanwhile is owed nothing (004:89-90).
    '__mmu_notifier_invalidate_range_end.return': (ended, { pass }, { mirrors, passes }, tell) => {
      const known = passes.byId.get(pass)
      for (const [mn, result] of known?.starts ?? [])
        if (result === 0 && !ended.get(pass)?.has(mn) && !known!.removed.has(mn))
          if (isOwedAnEnd(mirrors, mn)) tell.object(`${pass} is over and ${mn} was not told`)
    },
    run_end: (_ended, { kind }, { mirrors, passes }, tell) => {
      if (kind !== 'done') return
      for (const known of passes.byId.values())
        for (const [mn, result] of known.starts)
          if (result === 0 && !known.ends.has(mn) && isOwedAnEnd(mirrors, mn))
            tell.object(`${mn} had a successful start of ${known.pass} and never its end`)
    },
  },
})
