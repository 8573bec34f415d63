import { contract, type Tell } from '../contract'

/** By task and mm: the users that a task has taken and not given back. */
type Users = Map<string, number>

/** An mm_struct that is memory is not yet an address space that is alive. */
export const aliveIsMoreThanAllocated = contract({
  id: 'LIF-02',
  binds: 'driver',
  says: 'a task that looks up an area or faults in a page holds a user of that mm, which it got from mmget',
  cites: ['000:28-29'],
  minimum: { exercised: 1000, witnesses: 2 },
  start: (): Users => new Map(),
  on: {
    'mmget.return': (users, { task, mm }) => change(users, task, mm, 1),
    'mmget_not_zero.return': (users, { task, mm, result }) => {
      if (result) change(users, task, mm, 1)
    },
    mmput: (users, { task, mm }) => change(users, task, mm, -1),
    find_vma: (users, { task, mm }, _known, tell) =>
      judge('an area is looked up', users, task, mm, tell),
    handle_mm_fault: (users, { task, mm }, _known, tell) =>
      judge('a page is faulted in', users, task, mm, tell),
  },
})

/** A task may also drop a user that somebody else had taken: then it has none of its own. */
function change(users: Users, task: number, mm: string, by: number): void {
  const key = `${task} ${mm}`
  users.set(key, Math.max(0, (users.get(key) ?? 0) + by))
}

function judge(what: string, users: Users, task: number, mm: string, tell: Tell): void {
  if ((users.get(`${task} ${mm}`) ?? 0) > 0) tell.exercise(what)
  else tell.object(`${what} in ${mm} by a task that holds no user of it`)
}
