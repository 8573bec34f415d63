import { contract, type Known, type Tell } from '../contract'
import { callbacks, callbacksOf, type Callback } from '../facts/callbacks'

const uses = { callbacks }

/** What is called under the page-table lock, to learn or change a single entry, neither waits nor allocates. */
export const otherOpsDoNotSleep = contract({
  id: 'MMN-23',
  binds: 'driver',
  says: 'change_pte and the young ops neither sleep, nor allocate, nor take a lock that sleeps',
  cites: ['002:1762-1765'],
  minimum: { exercised: 100, witnesses: 2 },
  uses,
  on: {
    might_sleep: (_state, { task }, known, tell) => judge('may sleep', task, known, tell),
    schedule: (_state, { task }, known, tell) => judge('sleeps', task, known, tell),
    mutex_trylock: (_state, { task, name }, known, tell) =>
      judge(`takes ${name}`, task, known, tell),
    kmalloc: (_state, { task }, known, tell) => judge('allocates', task, known, tell),
    'change_pte.return': (_state, _event, _known, tell) => tell.exercise('an entry changed'),
    'clear_flush_young.return': (_state, _event, _known, tell) => tell.exercise('asked, flushed'),
    'clear_young.return': (_state, _event, _known, tell) => tell.exercise('asked, forgotten'),
    'test_young.return': (_state, _event, _known, tell) => tell.exercise('asked'),
  },
})

function judge(does: string, task: number, { callbacks }: Known<typeof uses>, tell: Tell): void {
  const callback = callbacksOf(callbacks, task).at(-1)
  if (callback && isOfAnEntry(callback))
    tell.object(`the ${callback.op} op of ${callback.on} ${does}`)
}

function isOfAnEntry({ op }: Callback): boolean {
  return op === 'change_pte' || op === 'young'
}
