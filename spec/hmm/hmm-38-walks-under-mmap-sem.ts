import { contract, type Known, type Tell } from '../contract'
import { heldBy, locks } from '../facts/locks'

const uses = { locks }

/** Areas stay while they are looked at: whoever walks a range holds mmap_sem. */
export const walksUnderMmapSem = contract({
  id: 'HMM-38',
  binds: 'driver',
  says: 'hmm_range_snapshot and hmm_range_fault are called with mmap_sem held, for reading or for writing',
  cites: ['000:737-738', '000:876', '000:887'],
  minimum: { exercised: 200, witnesses: 2 },
  uses,
  on: {
    hmm_range_snapshot: (_state, { task, range }, known, tell) =>
      judge('snapshot', task, range, known, tell),
    hmm_range_fault: (_state, { task, range }, known, tell) =>
      judge('fault', task, range, known, tell),
  },
})

function judge(
  what: string,
  task: number,
  range: string,
  { locks }: Known<typeof uses>,
  tell: Tell,
): void {
  const held = heldBy(locks, task).find(({ name }) => name === 'mmap_sem')
  if (held) tell.exercise(`${what}, ${held.mode}`)
  else tell.object(`a ${what} of ${range} is made without mmap_sem`)
}
