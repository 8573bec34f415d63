import { contract, type Tell } from '../contract'

interface Registered {
  /** Ranges from the success of their registration to the entry of their removal. */
  readonly ranges: Set<string>
}

/** A range that is not registered detects nothing: nobody reads entries or waits with it. */
export const onlyRegisteredRanges = contract({
  id: 'HMM-16',
  binds: 'driver',
  says: 'waits, snapshots and faults are called only between a successful hmm_range_register and hmm_range_unregister',
  cites: ['000:740-742'],
  minimum: { exercised: 200, witnesses: 3 },
  start: (): Registered => ({ ranges: new Set() }),
  on: {
    'hmm_range_register.return': ({ ranges }, { range, result }) => {
      if (result === 0) ranges.add(range)
    },
    hmm_range_unregister: ({ ranges }, { range }) => void ranges.delete(range),
    hmm_range_wait_until_valid: (state, { range }, _known, tell) =>
      judge('wait', state, range, tell),
    hmm_range_snapshot: (state, { range }, _known, tell) => judge('snapshot', state, range, tell),
    hmm_range_fault: (state, { range }, _known, tell) => judge('fault', state, range, tell),
  },
})

function judge(what: string, { ranges }: Registered, range: string, tell: Tell): void {
  if (ranges.has(range)) tell.exercise(what)
  else tell.object(`a ${what} is asked of ${range}, which is not registered`)
}
