import { contract } from '../contract'

/** What one task has taken or dropped inside a call of register or unregister. */
interface Call {
  readonly range: string
  readonly does: 'register' | 'unregister'
  user: boolean
  reference: boolean
  /** The user dropped was the last: the address space is being torn down inside the call. */
  tearsDown: boolean
  wasLast: boolean
}

const nothing = { user: false, reference: false, tearsDown: false, wasLast: false }

/** A range holds a user of the mm and a reference of hmm, and gives them back in that order. */
export const rangeHoldsReferences = contract({
  id: 'LIF-13',
  binds: 'hmm',
  says: 'hmm_range_register takes a user of the mm and a reference of hmm, and hmm_range_unregister drops the user before the reference',
  cites: ['000:740-741', '000:863-865'],
  minimum: { exercised: 200, witnesses: 3 },
  start: () => new Map<number, Call>(),
  on: {
    hmm_range_register: (calls, { task, range }) =>
      void calls.set(task, { range, does: 'register', ...nothing }),
    'mmget_not_zero.return': (calls, { task, result }) => {
      const call = calls.get(task)
      if (call?.does === 'register' && result) call.user = true
    },
    mmget: (calls, { task }) => {
      const call = calls.get(task)
      if (call?.does === 'register') call.user = true
    },
    'kref_get.return': (calls, { task }) => {
      const call = calls.get(task)
      if (call?.does === 'register') call.reference = true
    },
    'hmm_range_register.return': (calls, { task, range, result }, _known, tell) => {
      const call = calls.get(task)
      calls.delete(task)
      if (result !== 0 || !call) return
      if (!call.user) tell.object(`${range} is registered without a user of its mm`)
      else if (!call.reference) tell.object(`${range} is registered without a reference of its hmm`)
      else tell.exercise('registered with both')
    },
    hmm_range_unregister: (calls, { task, range }) =>
      void calls.set(task, { range, does: 'unregister', ...nothing }),
    mmput: (calls, { task }, _known, tell) => {
      const call = calls.get(task)
      if (call?.does !== 'unregister') return
      if (call.reference)
        tell.object(`the unregistration of ${call.range} drops its hmm before its user of the mm`)
      call.user = true
    },
    exit_mmap: (calls, { task }) => {
      const call = calls.get(task)
      if (call) [call.tearsDown, call.wasLast] = [true, true]
    },
    kref_put: (calls, { task }) => {
      const call = calls.get(task)
      if (call?.does === 'unregister' && !call.tearsDown) call.reference = true
    },
    'exit_mmap.return': (calls, { task }) => {
      const call = calls.get(task)
      if (call) call.tearsDown = false
    },
    'hmm_range_unregister.return': (calls, { task, range }, _known, tell) => {
      const call = calls.get(task)
      calls.delete(task)
      if (!call) return
      if (!call.user) tell.object(`${range} is unregistered and keeps its user of the mm`)
      else if (!call.reference)
        tell.object(`${range} is unregistered and keeps its reference of hmm`)
      else tell.exercise(call.wasLast ? 'gave back both, the last user' : 'gave back both')
    },
  },
})
