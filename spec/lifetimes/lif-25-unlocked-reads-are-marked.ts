import { contract } from '../contract'
import type { Kind } from '../headers/access'

/** What is read while somebody may be writing it is read once, and says so. */
export const unlockedReadsAreMarked = contract({
  id: 'LIF-25',
  binds: 'hmm',
  says: 'a field that one task writes while another may be using it, with no lock and no order between them, is read with READ_ONCE, and written with WRITE_ONCE where both write',
  cites: ['000:2613-2620', '000:6275-6276'],
  minimum: { exercised: 10_000, witnesses: 4 },
  on: {
    conflicting_access: (
      _state,
      { task, object, field, first, second, other, ordered },
      _known,
      tell,
    ) => {
      if (ordered) tell.exercise(`${first} before ${second}`)
      else if (isRace(first, second))
        tell.object(
          `${object}.${field}: nothing orders the ${first} of task ${other} and the ${second} of task ${task}`,
        )
      else tell.exercise(`${first} against ${second}`)
    },
  },
})

/** A read must be marked, and of two writes one. */
function isRace(first: Kind, second: Kind): boolean {
  const both = [first, second]
  if (both.includes('plain read')) return true
  return first === 'plain write' && second === 'plain write'
}
