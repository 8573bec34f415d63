import { contract } from '../contract'
import { isOwedAnEnd, mirrors } from '../facts/mirrors'
import { passes } from '../facts/passes'

/** When a pass is refused, everybody who had agreed to it is told of its end before the caller is. */
export const partialFailureIsUnwound = contract({
  id: 'MMN-05',
  binds: 'notifier-core',
  says: 'before a refused pass reports its failure, every notifier whose start had succeeded gets its range_end',
  cites: ['004:32-70', '004:81-82'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { mirrors, passes },
  on: {
    '__mmu_notifier_invalidate_range_start.return': (
      _state,
      { pass },
      { mirrors, passes },
      tell,
    ) => {
      const known = passes.byId.get(pass)
      if (known?.phase !== 'failed') return
      const agreed = [...known.starts].filter(([, result]) => result === 0).map(([mn]) => mn)
      for (const mn of agreed) {
        if (known.ends.has(mn))
          tell.exercise(agreed.length === 1 ? 'one to unwind' : 'several to unwind')
        else if (isOwedAnEnd(mirrors, mn))
          tell.object(
            `${pass} is refused although ${mn} had agreed to it and was not told of its end`,
          )
      }
    },
  },
})
