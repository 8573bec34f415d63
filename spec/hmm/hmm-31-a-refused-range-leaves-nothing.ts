import { contract } from '../contract'
import { EFAULT, EINVAL } from '../headers/types'

/** What a registration under way has taken and not given back. */
interface Taken {
  users: number
  references: number
  /** The mm had no user left to give. */
  dead: boolean
}

/** A registration that fails has taken nothing. */
export const aRefusedRangeLeavesNothing = contract({
  id: 'HMM-31',
  binds: 'hmm',
  says: 'a failed hmm_range_register keeps neither a user of the mm nor a reference of hmm, and fails with -EFAULT if the mm is gone',
  cites: ['000:855-857', '000:333-334'],
  minimum: { exercised: 30, witnesses: 2 },
  start: () => new Map<number, Taken>(),
  on: {
    hmm_range_register: (calls, { task }) =>
      void calls.set(task, { users: 0, references: 0, dead: false }),
    'mmget_not_zero.return': (calls, { task, result }) => {
      const taken = calls.get(task)
      if (taken && result) taken.users++
      else if (taken) taken.dead = true
    },
    mmput: (calls, { task }) => {
      const taken = calls.get(task)
      if (taken) taken.users--
    },
    'kref_get.return': (calls, { task }) => {
      const taken = calls.get(task)
      if (taken) taken.references++
    },
    kref_put: (calls, { task }) => {
      const taken = calls.get(task)
      if (taken) taken.references--
    },
    'hmm_range_register.return': (calls, { task, range, result }, _known, tell) => {
      const taken = calls.get(task)
      calls.delete(task)
      if (!taken || result === 0) return
      const { users, references, dead } = taken
      if (users !== 0 || references !== 0)
        tell.object(
          `${range} is refused and keeps ${users} users of the mm and ${references} references of hmm`,
        )
      else if (dead && result !== -EFAULT)
        tell.object(`${range} is refused with ${result} on an mm that is gone`)
      else if (!dead && result !== -EINVAL)
        tell.object(`${range} is refused with ${result} although its mm is alive`)
      else tell.exercise(dead ? 'the mm is gone' : 'no interval')
    },
  },
})
