import { contract } from '../contract'
import { busyness, quietSince } from '../facts/busyness'
import { quiescence } from '../facts/quiescence'

interface Sleeps {
  /** The wait that each task is in. */
  readonly waits: Map<number, { readonly range: string; readonly entry: number }>
  /** What took the last pass of a notifier back. */
  readonly over: Map<string, string>
}

/** Whoever takes the last pass back wakes the waiters, be it an end or the undoing of a start. */
export const wokenWhenQuiescent = contract({
  id: 'HMM-09',
  binds: 'hmm',
  says: 'every waiter is woken when its range becomes quiescent: no timer has to fire on a quiescent range',
  cites: ['000:3055-3064'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { busyness, quiescence },
  start: (): Sleeps => ({ waits: new Map(), over: new Map() }),
  on: {
    hmm_range_wait_until_valid: ({ waits }, { task, range, at }) =>
      void waits.set(task, { range, entry: at }),
    'hmm_range_wait_until_valid.return': ({ waits }, { task }) => void waits.delete(task),
    invalidate_range_end: ({ over }, { mn, blockable }) =>
      void over.set(
        mn,
        blockable ? 'the end of a blockable pass' : 'the end of a non-blockable pass',
      ),
    'invalidate_range_start.return': ({ over }, { mn, result }) => {
      if (result !== 0) over.set(mn, 'a start that failed')
    },
    'schedule_timeout.return': (
      { waits, over },
      { task, result },
      { busyness, quiescence },
      tell,
    ) => {
      const wait = waits.get(task)
      if (!wait) return
      const mn = quiescence.ranges.get(wait.range)?.mn ?? ''
      if (result > 0) tell.exercise(`woken after ${over.get(mn) ?? 'nothing'}`)
      else if (quietSince(busyness, wait.range, Infinity))
        tell.object(`the timer of a wait had to fire although ${wait.range} was quiescent`)
    },
    run_end: ({ waits }, { kind }, { busyness }, tell) => {
      if (kind !== 'deadlock') return
      for (const { range } of waits.values())
        if (quietSince(busyness, range, Infinity))
          tell.object(`a wait on quiescent ${range} never ends`)
    },
  },
})
