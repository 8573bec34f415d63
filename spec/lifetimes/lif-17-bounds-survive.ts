import { contract } from '../contract'

interface Bounds {
  readonly start: number
  readonly end: number
  unregistered: boolean
}

/** The caller goes on using where its range was. */
export const boundsSurvive = contract({
  id: 'LIF-17',
  binds: 'hmm',
  says: 'after hmm_range_unregister the start and the end of the range are what they were registered with',
  cites: ['000:1033', '000:2224-2227'],
  minimum: { exercised: 100, witnesses: 1 },
  start: () => new Map<string, Bounds>(),
  on: {
    'hmm_range_register.return': (ranges, { range, start, end, result }) => {
      if (result === 0) ranges.set(range, { start, end, unregistered: false })
    },
    'hmm_range_unregister.return': (ranges, { range }) => {
      const bounds = ranges.get(range)
      if (bounds) bounds.unregistered = true
    },
    hmm_range_valid: (ranges, { range, start, end }, _known, tell) => {
      const bounds = ranges.get(range)
      if (!bounds?.unregistered) return
      if (bounds.start === start && bounds.end === end) tell.exercise('the bounds are still there')
      else
        tell.object(
          `${range} was [${bounds.start}, ${bounds.end}) and reads [${start}, ${end}) after its unregistration`,
        )
    },
  },
})
