import { contract } from '../contract'

/** An hmm whose references are gone may stand in its mm until its memory goes. */
export const thePointerStays = contract({
  id: 'LIF-28',
  kind: 'permission',
  level: 'MAY',
  binds: 'hmm',
  says: 'whoever registers a mirror may still find an hmm that dies, is refused its reference, and goes on',
  cites: ['000:7552-7555'],
  minimum: { exercised: 100, witnesses: 1 },
  /** Tasks that register a mirror, and the dying object that each was refused, or empty. */
  start: () => new Map<number, string>(),
  on: {
    hmm_mirror_register: (registering, { task }) => void registering.set(task, ''),
    'kref_get_unless_zero.return': (registering, { task, kref, result }) => {
      if (registering.has(task) && !result) registering.set(task, kref)
    },
    'hmm_mirror_register.return': (registering, { task }, _known, tell) => {
      if (registering.get(task)) tell.exercise('met the dying one and went on')
      registering.delete(task)
    },
    oops: (registering, { task, message }, _known, tell) => {
      const met = registering.get(task)
      if (met) tell.object(`a registration that met ${met}, which dies, fails: ${message}`)
    },
  },
})
