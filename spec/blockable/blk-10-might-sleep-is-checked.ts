import type { Tell } from '../contract'
import { contract } from '../contract'
import { atomicity, nonBlockDepth, type Atomicity } from '../facts/atomicity'
import { heldBy, locks, type Locks } from '../facts/locks'

interface Checks {
  /** Tasks inside might_sleep, and whether it has reported. */
  readonly checking: Map<number, boolean>
  /** Primitives that a task is inside of, and whether it has said that it might sleep. */
  readonly inside: Map<number, boolean>
}

/** A function that may sleep says so before it looks whether it must, and wherever that is wrong it is told. */
export const mightSleepIsChecked = contract({
  id: 'BLK-10',
  binds: 'debug',
  says: 'might_sleep reports where blocking is forbidden and nowhere else, and every lock that sleeps asks it first, taken or free',
  cites: ['002:290-294', '002:4865-4867'],
  minimum: { exercised: 500, witnesses: 5 },
  uses: { atomicity, locks },
  start: (): Checks => ({ checking: new Map(), inside: new Map() }),
  on: {
    might_sleep: ({ checking, inside }, { task }) => {
      checking.set(task, false)
      if (inside.has(task)) inside.set(task, true)
    },
    debug_report: ({ checking }, { task }) => {
      if (checking.has(task)) checking.set(task, true)
    },
    'might_sleep.return': ({ checking }, { task }, known, tell) => {
      const reported = checking.get(task)
      checking.delete(task)
      const forbidden = nonBlockDepth(known.atomicity, task) > 0
      if (reported && !forbidden && !isAtomic(task, known))
        tell.object(`task ${task} may sleep where it says so, and is reported`)
      else if (!reported && forbidden)
        tell.object(
          `task ${task} says that it might sleep in a section that must not block, unheard`,
        )
      else if (forbidden) tell.exercise('in a section that must not block')
    },
    mutex_lock: (state, event) => enter(state, event),
    'mutex_lock.return': (state, event, _known, tell) => leave(state, event, tell),
    down_read: (state, event) => enter(state, event),
    'down_read.return': (state, event, _known, tell) => leave(state, event, tell),
    down_write: (state, event) => enter(state, event),
    'down_write.return': (state, event, _known, tell) => leave(state, event, tell),
    wait_event_timeout: (state, event) => enter(state, event),
    'wait_event_timeout.return': (state, event, _known, tell) => leave(state, event, tell),
    synchronize_srcu: (state, event) => enter(state, event),
    'synchronize_srcu.return': (state, event, _known, tell) => leave(state, event, tell),
  },
})

function isAtomic(task: number, known: { atomicity: Atomicity; locks: Locks }): boolean {
  const spins = heldBy(known.locks, task).some(({ sleeping }) => !sleeping)
  return spins || (known.atomicity.handlers.get(task) ?? 0) > 0
}

function enter({ inside }: Checks, { task }: { task: number }): void {
  inside.set(task, false)
}

function leave({ inside }: Checks, event: { task: number; symbol: string }, tell: Tell): void {
  const asked = inside.get(event.task)
  inside.delete(event.task)
  if (asked) tell.exercise(event.symbol)
  else tell.object(`${event.symbol} may sleep and did not say so`)
}
