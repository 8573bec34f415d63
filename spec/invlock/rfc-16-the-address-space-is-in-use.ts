import { contract } from '../contract'
import { holdsUser, users } from '../facts/users'

/** The helpers take the mmap_sem of an address space, and what is read there is read for whoever uses it. */
export const theAddressSpaceIsInUse = contract({
  id: 'RFC-16',
  binds: 'driver',
  says: 'a section is begun and ended by a task that holds a user of its address space',
  cites: ['000:7190-7192', '000:28-29'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { users },
  on: {
    mm_invlock_start_write_and_lock: (_state, { task, invlock, mm }, { users }, tell) => {
      if (holdsUser(users, task, mm)) tell.exercise('begun')
      else tell.object(`a section of ${invlock} is begun by a task without a user of ${mm}`)
    },
    mn_invlock_end_write_and_unlock: (_state, { task, invlock, mm }, { users }, tell) => {
      if (holdsUser(users, task, mm)) tell.exercise('ended')
      else tell.object(`a section of ${invlock} is ended by a task without a user of ${mm}`)
    },
  },
})
