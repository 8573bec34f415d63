import { contract, type Tell } from '../contract'
import { holdsUser, users, type Users } from '../facts/users'

/** An mm_struct that is memory is not yet an address space that is alive. */
export const aliveIsMoreThanAllocated = contract({
  id: 'LIF-02',
  binds: 'driver',
  says: 'a task that looks up an area or faults in a page holds a user of that mm, which it got from mmget',
  cites: ['000:28-29'],
  minimum: { exercised: 1000, witnesses: 2 },
  uses: { users },
  on: {
    find_vma: (_state, { task, mm }, { users }, tell) =>
      judge('an area is looked up', users, task, mm, tell),
    handle_mm_fault: (_state, { task, mm }, { users }, tell) =>
      judge('a page is faulted in', users, task, mm, tell),
  },
})

function judge(what: string, users: Users, task: number, mm: string, tell: Tell): void {
  if (holdsUser(users, task, mm)) tell.exercise(what)
  else tell.object(`${what} in ${mm} by a task that holds no user of it`)
}
