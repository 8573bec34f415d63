/** Which tasks hold users of an address space, that they have taken themselves. */
import { fact } from '../contract'

/** By task and mm: the users that a task has taken and not given back. */
export type Users = Map<string, number>

export const users = fact({
  name: 'users',
  start: (): Users => new Map(),
  on: {
    'mmget.return': (state, { task, mm }) => change(state, task, mm, 1),
    'mmget_not_zero.return': (state, { task, mm, result }) => {
      if (result) change(state, task, mm, 1)
    },
    mmput: (state, { task, mm }) => change(state, task, mm, -1),
  },
})

export function holdsUser(state: Users, task: number, mm: string): boolean {
  return (state.get(`${task} ${mm}`) ?? 0) > 0
}

/** A task may also drop a user that somebody else had taken: then it has none of its own. */
function change(state: Users, task: number, mm: string, by: number): void {
  const key = `${task} ${mm}`
  state.set(key, Math.max(0, (state.get(key) ?? 0) + by))
}
