import { contract, type Tell } from '../contract'

interface Interval {
  readonly start: number
  readonly end: number
}
type Detectors = Map<string, Interval>
type Shown = Interval & { readonly range: string }

/** What a range detects is fixed when it is registered. */
export const theDetectorDoesNotMove = contract({
  id: 'HMM-17',
  binds: 'driver',
  says: 'the interval of a range is what it was registered with, in every snapshot and fault and when it is unregistered',
  cites: ['000:4675-4682'],
  minimum: { exercised: 200, witnesses: 3 },
  start: (): Detectors => new Map(),
  on: {
    'hmm_range_register.return': (detectors, { range, start, end, result }) => {
      if (result === 0) detectors.set(range, { start, end })
    },
    hmm_range_snapshot: (detectors, shown, _known, tell) =>
      judge('snapshot', detectors, shown, tell),
    hmm_range_fault: (detectors, shown, _known, tell) => judge('fault', detectors, shown, tell),
    hmm_range_unregister: (detectors, shown, _known, tell) => {
      judge('unregistered', detectors, shown, tell)
      detectors.delete(shown.range)
    },
  },
})

function judge(when: string, detectors: Detectors, { range, start, end }: Shown, tell: Tell): void {
  const first = detectors.get(range)
  if (!first) return
  if (first.start === start && first.end === end) tell.exercise(when)
  else
    tell.object(
      `${range} was registered over [${first.start}, ${first.end}) and is now over [${start}, ${end})`,
    )
}
