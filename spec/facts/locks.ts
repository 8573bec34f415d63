/** Which locks each task holds, as their primitives' returns and unlocks show it. */
import { fact } from '../contract'

export interface Held {
  readonly lock: string
  readonly name: string
  readonly mode: 'exclusive' | 'shared'
  /** Whether waiting for it may sleep. */
  readonly sleeping: boolean
}

export interface Locks {
  readonly byTask: Map<number, Held[]>
}

export const locks = fact({
  name: 'locks',
  start: (): Locks => ({ byTask: new Map() }),
  on: {
    'spin_lock.return': (state, { task, lock, name }) =>
      take(state, task, { lock, name, mode: 'exclusive', sleeping: false }),
    'spin_trylock.return': (state, { task, lock, name, result }) => {
      if (result) take(state, task, { lock, name, mode: 'exclusive', sleeping: false })
    },
    spin_unlock: (state, { task, lock }) => drop(state, task, lock),
    'mutex_lock.return': (state, { task, lock, name }) =>
      take(state, task, { lock, name, mode: 'exclusive', sleeping: true }),
    'mutex_trylock.return': (state, { task, lock, name, result }) => {
      if (result) take(state, task, { lock, name, mode: 'exclusive', sleeping: true })
    },
    mutex_unlock: (state, { task, lock }) => drop(state, task, lock),
    'down_read.return': (state, { task, lock, name }) =>
      take(state, task, { lock, name, mode: 'shared', sleeping: true }),
    'down_read_trylock.return': (state, { task, lock, name, result }) => {
      if (result) take(state, task, { lock, name, mode: 'shared', sleeping: true })
    },
    up_read: (state, { task, lock }) => drop(state, task, lock),
    'down_write.return': (state, { task, lock, name }) =>
      take(state, task, { lock, name, mode: 'exclusive', sleeping: true }),
    'down_write_nest_lock.return': (state, { task, lock, name }) =>
      take(state, task, { lock, name, mode: 'exclusive', sleeping: true }),
    'down_write_trylock.return': (state, { task, lock, name, result }) => {
      if (result) take(state, task, { lock, name, mode: 'exclusive', sleeping: true })
    },
    up_write: (state, { task, lock }) => drop(state, task, lock),
  },
})

/** What a task holds, in the order it was taken. */
export function heldBy(state: Locks, task: number): readonly Held[] {
  return state.byTask.get(task) ?? []
}

/** The locks among those held that nobody else can hold. */
export function exclusive(held: readonly Held[]): readonly Held[] {
  return held.filter(({ mode }) => mode === 'exclusive')
}

function take(state: Locks, task: number, held: Held): void {
  const list = state.byTask.get(task)
  if (list) list.push(held)
  else state.byTask.set(task, [held])
}

function drop(state: Locks, task: number, lock: string): void {
  const list = state.byTask.get(task) ?? []
  const at = list.findLastIndex((held) => held.lock === lock)
  if (at >= 0) list.splice(at, 1)
}
