import { contract } from '../contract'
import { intersects, overlapShape } from '../facts/passes'

/** Whoever has nothing in the range has nothing to wait for. */
export const noInterestNoRefusal = contract({
  id: 'BLK-16',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a notifier agrees to a pass that must not block if the pass is beside the part it is for',
  cites: ['002:2149-2150', '002:2474-2477'],
  minimum: { exercised: 10, witnesses: 1 },
  /** The part that each notifier is for, where its driver says so. */
  start: () => new Map<string, { readonly start: number; readonly end: number }>(),
  on: {
    driver_interest: (state, { mn, start, end }) => void state.set(mn, { start, end }),
    'invalidate_range_start.return': (state, event, _known, tell) => {
      const { mn, blockable, result, start, end } = event
      const part = state.get(mn)
      if (blockable || !part || intersects(part, { start, end })) return
      if (result === 0) tell.exercise(overlapShape(part, { start, end }))
      else tell.object(`${mn} refuses [${start}, ${end}), and is for [${part.start}, ${part.end})`)
    },
  },
})
