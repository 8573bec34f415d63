import { contract } from '../contract'

interface Reader {
  /** Sequences under which nothing was invalidated since they were handed out. */
  readonly fresh: Set<number>
  /** Sequences that somebody has, and that an invalidation has made stale. */
  readonly stale: Set<number>
}

/** What was read while an invalidation had the sequence changed is read again. */
export const noReaderMissesACollision = contract({
  id: 'INT-01',
  binds: 'notifier-core',
  says: 'read_retry is true if set_seq was called since read_begin returned the sequence that is asked for',
  cites: ['000:6291-6297', '000:55-57'],
  minimum: { exercised: 100, witnesses: 2 },
  start: () => new Map<string, Reader>(),
  on: {
    mmu_interval_notifier_insert: (readers, { interval }) =>
      void readers.set(interval, { fresh: new Set(), stale: new Set() }),
    'mmu_interval_read_begin.return': (readers, { interval, result }) => {
      const reader = readers.get(interval)
      reader?.fresh.add(result)
      reader?.stale.delete(result)
    },
    mmu_interval_set_seq: (readers, { interval }) => {
      const reader = readers.get(interval)
      for (const seq of reader?.fresh ?? []) reader!.stale.add(seq)
      reader?.fresh.clear()
    },
    'mmu_interval_read_retry.return': (readers, { interval, seq, result }, _known, tell) => {
      const isStale = readers.get(interval)?.stale.has(seq)
      if (isStale && !result)
        tell.object(`${interval} is not told to retry ${seq}, which was invalidated since`)
      else tell.exercise(isStale ? 'collided' : 'undisturbed')
    },
  },
})
