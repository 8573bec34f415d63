import { contract } from '../contract'

/** Whoever began a section ends it, also where something failed in it. */
export const sectionsAreEnded = contract({
  id: 'RFC-05',
  binds: 'driver',
  says: 'every section that was begun is ended before its operation is over',
  cites: ['000:6982-6983'],
  minimum: { exercised: 100, witnesses: 1 },
  /** Sections that are open, by task. */
  start: () => new Map<number, string>(),
  on: {
    'mm_invlock_start_write_and_lock.return': (open, { task, invlock }) =>
      void open.set(task, invlock),
    mn_invlock_end_write_and_unlock: (open, { task }, _known, tell) => {
      if (open.delete(task)) tell.exercise('ended')
    },
    'operation.return': (open, { task }, _known, tell) => {
      const invlock = open.get(task)
      if (invlock !== undefined) tell.object(`a section of ${invlock} is never ended`)
    },
  },
})
