import { contract } from '../contract'

interface Queues {
  /** The lock that each task is taking for writing, and how many it has taken before. */
  readonly writing: Map<number, string>
  readonly taken: Map<number, number>
  /** Tasks that sleep for a lock, to write, by lock: each with the number of its wait. */
  readonly queued: Map<string, Map<number, number>>
  /** By reader, the waits of writers that had begun before it came. */
  readonly ahead: Map<number, readonly (readonly [number, number])[]>
}

/** Readers that overtake hide deadlocks, and starve whoever changes something. */
export const writersHoldBackLaterReaders = contract({
  id: 'LCK-06',
  binds: 'locks',
  says: 'a reader that comes while a writer is queued waits for the writer, and one that only tries fails',
  cites: ['000:4745-4759', '000:6497-6498'],
  minimum: { exercised: 50, witnesses: 2 },
  start: (): Queues => ({
    writing: new Map(),
    taken: new Map(),
    queued: new Map(),
    ahead: new Map(),
  }),
  on: {
    down_write: ({ writing }, { task, lock }) => void writing.set(task, lock),
    schedule: ({ writing, taken, queued }, { task }) => {
      const lock = writing.get(task)
      if (lock === undefined) return
      const wait = taken.get(task) ?? 0
      const waits = queued.get(lock)
      if (waits) waits.set(task, wait)
      else queued.set(lock, new Map([[task, wait]]))
    },
    'down_write.return': ({ writing, taken, queued }, { task, lock }) => {
      writing.delete(task)
      taken.set(task, (taken.get(task) ?? 0) + 1)
      queued.get(lock)?.delete(task)
    },
    down_read: ({ queued, ahead }, { task, lock }) =>
      void ahead.set(task, [...(queued.get(lock) ?? [])]),
    'down_read.return': ({ queued, ahead }, { task, lock, name }, _known, tell) => {
      const before = ahead.get(task) ?? []
      ahead.delete(task)
      const overtaken = before.find(([writer, wait]) => queued.get(lock)?.get(writer) === wait)
      if (overtaken)
        tell.object(`task ${task} reads under ${name} before task ${overtaken[0]}, who was first`)
      else if (before.length > 0) tell.exercise('a reader waited')
    },
    'down_read_trylock.return': ({ queued }, { task, lock, name, result }, _known, tell) => {
      if (!queued.get(lock)?.size) return
      if (result) tell.object(`task ${task} gets ${name} by trying although a writer is queued`)
      else tell.exercise('a try failed')
    },
  },
})
