import { contract, type Known, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks } from '../facts/locks'

const uses = { callbacks, locks }

/** Two ways to hear of an invalidation: one may sleep, the other stands under the page-table lock. */
export const startSleepsInvalidateRangeDoesNot = contract({
  id: 'MMN-18',
  binds: 'driver',
  says: '->invalidate_range, which is called under the page-table lock too, does not sleep; the start of a blockable pass may',
  cites: ['002:860-862', '001:356-358', '002:2832-2835'],
  minimum: { exercised: 100, witnesses: 3 },
  uses,
  on: {
    might_sleep: (_state, { task }, known, tell) => sleeps('may sleep', task, known, tell),
    schedule: (_state, { task }, known, tell) => sleeps('sleeps', task, known, tell),
    'invalidate_range.return': (_state, { task }, { locks }, tell) => {
      const locked = heldBy(locks, task).some(({ name }) => name === 'page_table_lock')
      tell.exercise(locked ? 'under the page-table lock' : 'in an end')
    },
  },
})

function sleeps(does: string, task: number, { callbacks }: Known<typeof uses>, tell: Tell): void {
  const stack = callbacksOf(callbacks, task)
  const callback = stack.at(-1)
  if (callback?.op === 'invalidate_range')
    tell.object(`the invalidate_range of ${callback.on} ${does}`)
  else if (does === 'sleeps' && stack[0]?.op === 'start' && stack[0].blockable)
    tell.exercise('a blockable start sleeps')
}
