import { contract, type Tell } from '../contract'

/** Tasks that run a callback of SRCU, and what it has done. */
type Running = Map<number, { tookSpinlock: boolean }>

/** Where the last references go there is nobody to wait for anybody. */
export const srcuCallbacksDoNotSleep = contract({
  id: 'LIF-11',
  binds: 'hmm',
  says: 'a function that SRCU calls takes no lock that sleeps, and waits for nothing',
  cites: ['000:7347-7372', '000:7500-7501'],
  minimum: { exercised: 200, witnesses: 1 },
  start: (): Running => new Map(),
  on: {
    srcu_invoke_callback: (running, { task }) => void running.set(task, { tookSpinlock: false }),
    'spin_lock.return': (running, { task }) => {
      const callback = running.get(task)
      if (callback) callback.tookSpinlock = true
    },
    might_sleep: (running, { task }, _known, tell) =>
      judge('says that it may', running, task, tell),
    schedule: (running, { task }, _known, tell) => judge('begins to', running, task, tell),
    'srcu_invoke_callback.return': (running, { task }, _known, tell) => {
      const callback = running.get(task)
      running.delete(task)
      if (callback) tell.exercise(callback.tookSpinlock ? 'with a spinlock' : 'without a lock')
    },
  },
})

function judge(how: string, running: Running, task: number, tell: Tell): void {
  if (running.has(task)) tell.object(`a callback of SRCU must not sleep and ${how}`)
}
