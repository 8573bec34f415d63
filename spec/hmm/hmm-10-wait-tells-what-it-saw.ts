import { contract } from '../contract'
import { busyness, busySince, quietSince } from '../facts/busyness'
import { quiescence } from '../facts/quiescence'

/** The result of a wait is what its condition was, not what it has become since. */
export const waitTellsWhatItSaw = contract({
  id: 'HMM-10',
  binds: 'hmm',
  says: 'a wait is true only if its range was quiescent at some moment of it, and false only after its timer, the range not being quiescent then',
  cites: ['000:2628-2633', '000:2747-2748'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: { busyness, quiescence },
  /** Where in the log the last sleep of each task's wait ended; null before the first. */
  start: (): Map<number, number | null> => new Map(),
  on: {
    hmm_range_wait_until_valid: (sleeps, { task }) => void sleeps.set(task, null),
    'schedule_timeout.return': (sleeps, { task, at }) => {
      if (sleeps.has(task)) sleeps.set(task, at)
    },
    'hmm_range_wait_until_valid.return': (sleeps, { task, range, result, entry }, known, tell) => {
      const slept = sleeps.get(task) ?? null
      sleeps.delete(task)
      if (!known.quiescence.ranges.get(range)?.registered) return
      if (result && busySince(known.busyness, range, entry))
        tell.object(`the wait on ${range} is true although it was never quiescent meanwhile`)
      if (!result && slept === null) tell.object(`the wait on ${range} is false and never slept`)
      if (!result && slept !== null && quietSince(known.busyness, range, slept))
        tell.object(`the wait on ${range} is false although it was quiescent when the timer fired`)
      const now = known.quiescence.ranges.get(range)!.surelyBusy ? 'busy by now' : 'quiescent now'
      tell.exercise(`${result}, ${slept === null ? 'at once' : 'after a sleep'}, ${now}`)
    },
  },
})
