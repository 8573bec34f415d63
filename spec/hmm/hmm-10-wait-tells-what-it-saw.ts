import { contract } from '../contract'
import { busyness, busySince, quietSince } from '../facts/busyness'
import { quiescence } from '../facts/quiescence'

/** A wait under way: where in the log it began, and where its last sleep ended. */
interface Wait {
  readonly entry: number
  slept: number | null
}

/** The result of a wait is what its condition was, not what it has become since. */
export const waitTellsWhatItSaw = contract({
  id: 'HMM-10',
  binds: 'hmm',
  says: 'a wait is true only if its range was quiescent at some moment of it, and false only after its timer, the range not being quiescent then',
  cites: ['000:2628-2633', '000:2747-2748'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: { busyness, quiescence },
  start: (): Map<number, Wait> => new Map(),
  on: {
    hmm_range_wait_until_valid: (waits, { task, at }) =>
      void waits.set(task, { entry: at, slept: null }),
    'schedule_timeout.return': (waits, { task, at }) => {
      const wait = waits.get(task)
      if (wait) wait.slept = at
    },
    'hmm_range_wait_until_valid.return': (waits, { task, range, result }, known, tell) => {
      const { entry, slept } = waits.get(task)!
      waits.delete(task)
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
