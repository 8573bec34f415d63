import { contract, type Tell } from '../contract'

/** A range that is not registered any more never looks like one that is. */
export const rangeIsPoisoned = contract({
  id: 'LIF-16',
  binds: 'hmm',
  says: 'after hmm_range_unregister the range is not valid, and no function accepts it',
  cites: ['000:1057-1059'],
  minimum: { exercised: 100, witnesses: 1 },
  /** Ranges whose unregistration has returned. */
  start: () => new Set<string>(),
  on: {
    hmm_range_register: (stale, { range }) => void stale.delete(range),
    'hmm_range_unregister.return': (stale, { range }) => void stale.add(range),
    'hmm_range_valid.return': (stale, { range, result }, _known, tell) =>
      judge('hmm_range_valid', stale, range, result, tell),
    'hmm_range_wait_until_valid.return': (stale, { range, result }, _known, tell) =>
      judge('a wait', stale, range, result, tell),
    'hmm_range_snapshot.return': (stale, { range, result }, _known, tell) =>
      judge('a snapshot', stale, range, result >= 0, tell),
    'hmm_range_fault.return': (stale, { range, result }, _known, tell) =>
      judge('a fault', stale, range, result >= 0, tell),
  },
})

function judge(
  what: string,
  stale: ReadonlySet<string>,
  range: string,
  accepted: boolean,
  tell: Tell,
): void {
  if (!stale.has(range)) return
  if (accepted) tell.object(`${what} accepts ${range}, which is not registered any more`)
  else tell.exercise(`${what} refused`)
}
