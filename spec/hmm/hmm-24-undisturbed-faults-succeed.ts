import { contract, type Tell } from '../contract'
import { intersects } from '../facts/passes'
import { quiescence, type Quiescence, type Range } from '../facts/quiescence'
import { HPAGE_PMD_NR } from '../headers/mm'
import { EAGAIN, EBUSY } from '../headers/types'

interface Attempt {
  readonly range: string
  /** Another task may have changed what is in the range since the attempt began. */
  disturbed: boolean
}

interface Attempts {
  readonly underWay: Map<number, Attempt>
  /** Attempts that failed although nobody else disturbed them, by range. */
  readonly undisturbed: Map<string, number>
  /** The task behind each pass that may be counted. */
  readonly passes: Map<string, number>
  /** Who last read each range. */
  readonly readers: Map<string, number>
}

/** What makes a fault start again is an invalidation by somebody else, or once its own copies. */
export const undisturbedFaultsSucceed = contract({
  id: 'HMM-24',
  binds: 'hmm',
  says: 'attempts to read a range that no other task changes meanwhile fail at most once, for copies that they make themselves',
  cites: ['000:4496-4504'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { quiescence },
  start: (): Attempts => ({
    underWay: new Map(),
    undisturbed: new Map(),
    passes: new Map(),
    readers: new Map(),
  }),
  on: {
    hmm_range_register: ({ undisturbed }, { range }) => void undisturbed.set(range, 0),
    invalidate_range_start: (state, { task, mn, pass, start, end }, { quiescence }) => {
      state.passes.set(pass, task)
      disturb(
        state,
        task,
        quiescence,
        (range) => range.mn === mn && intersects(range, { start, end }),
      )
    },
    // Who finds an entry where it was to store its own has to look at it once more.
    set_pte_at: (state, { task, mm, page }, { quiescence }) =>
      disturb(state, task, quiescence, entriesOf(mm, page, 1)),
    // Nor is a huge entry to be copied any more that somebody has split.
    __split_huge_pmd_locked: (state, { task, mm, page }, { quiescence }) =>
      disturb(state, task, quiescence, entriesOf(mm, page, HPAGE_PMD_NR)),
    hmm_range_snapshot: (state, { task, range }, { quiescence }) =>
      begin(state, task, range, quiescence),
    hmm_range_fault: (state, { task, range }, { quiescence }) =>
      begin(state, task, range, quiescence),
    'hmm_range_snapshot.return': (state, { task, result }, _known, tell) =>
      walked(state, task, result, tell),
    'hmm_range_fault.return': (state, { task, block, result }, _known, tell) => {
      // Who may not block was told that a page had to be waited for.
      if (result === -EAGAIN && !block) state.underWay.delete(task)
      else walked(state, task, result, tell)
    },
    'hmm_range_valid.return': (state, { task, result }, _known, tell) =>
      ended(state, task, result, tell),
    hmm_range_unregister: ({ underWay }, { task }) => void underWay.delete(task),
  },
})

/** What others change in a range makes its attempts disturbed: what was copied may have to be copied again. */
function disturb(
  state: Attempts,
  task: number,
  quiescence: Quiescence,
  concerns: (range: Range) => boolean,
): void {
  for (const [id, reader] of state.readers) {
    const range = quiescence.ranges.get(id)
    if (reader === task || !range || !concerns(range)) continue
    state.undisturbed.set(id, 0)
    const attempt = state.underWay.get(reader)
    if (attempt?.range === id) attempt.disturbed = true
  }
}

/** Whether a range is over any of so many entries. */
function entriesOf(mm: string, page: number, count: number): (range: Range) => boolean {
  return (range) => range.mm === mm && intersects(range, { start: page, end: page + count })
}

function begin(state: Attempts, task: number, range: string, quiescence: Quiescence): void {
  const known = quiescence.ranges.get(range)
  const counted = [...(quiescence.possible.get(known?.mn ?? '')?.keys() ?? [])]
  const disturbed = counted.some((pass) => state.passes.get(pass) !== task)
  state.underWay.set(task, { range, disturbed })
  state.readers.set(range, task)
}

/** A walk that is accepted is half an attempt: its test comes. */
function walked(state: Attempts, task: number, result: number, tell: Tell): void {
  if (result === -EBUSY || result === -EAGAIN) ended(state, task, false, tell)
  else if (result < 0) state.underWay.delete(task)
}

function ended(state: Attempts, task: number, succeeded: boolean, tell: Tell): void {
  const attempt = state.underWay.get(task)
  state.underWay.delete(task)
  if (!attempt) return
  const { range, disturbed } = attempt
  const failed = state.undisturbed.get(range) ?? 0
  if (succeeded) {
    state.undisturbed.set(range, 0)
    tell.exercise(failed > 0 ? 'at the second attempt' : 'at the first attempt')
  } else if (!disturbed) {
    state.undisturbed.set(range, failed + 1)
    if (failed > 0) tell.object(`${range} is refused again although nobody else changes it`)
  }
}
