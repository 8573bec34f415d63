import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'
import { quiescence } from '../facts/quiescence'

interface Refusals {
  /** Registered ranges whose notifier refused a pass after they were registered. */
  readonly touched: Set<string>
  /** What each task waits for. */
  readonly waiting: Map<number, string>
}

/** A start that refuses takes back what it had done: ranges it had met are not left waiting. */
export const eagainLeavesNoState = contract({
  id: 'BLK-12',
  binds: 'hmm',
  says: 'when a start returned -EAGAIN and no other pass is open, the ranges it had met are quiescent again',
  cites: ['000:2972-2975', '000:3123-3127'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { mirrors, quiescence },
  start: (): Refusals => ({ touched: new Set(), waiting: new Map() }),
  on: {
    'invalidate_range_start.return': ({ touched }, { mn, result, blockable }, { quiescence }) => {
      if (result === 0 || blockable) return
      for (const range of quiescence.ranges.values())
        if (range.mn === mn && range.registered) touched.add(range.range)
    },
    hmm_range_unregister: ({ touched }, { range }) => void touched.delete(range),
    hmm_range_wait_until_valid: ({ touched, waiting }, { task, range }, { quiescence }, tell) => {
      if (!touched.has(range)) return
      waiting.set(task, range)
      if (quiescence.ranges.get(range)?.maybeBusy === false) tell.exercise('waited after a refusal')
    },
    'hmm_range_wait_until_valid.return': ({ waiting }, { task }) => void waiting.delete(task),
    schedule_timeout: ({ waiting }, { task }, { quiescence }, tell) => {
      const range = waiting.get(task)
      if (range !== undefined && quiescence.ranges.get(range)?.maybeBusy === false)
        tell.object(`a waiter on ${range} sleeps although only a refused pass had concerned it`)
    },
  },
})
