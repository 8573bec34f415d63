import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

interface Sides {
  /** By invlock, the locks that were held whenever an invalidation was counted. */
  readonly counting: Map<string, ReadonlySet<string>>
  /** By invlock, the locks that were held whenever a section was ended. */
  readonly ending: Map<string, ReadonlySet<string>>
}

/** With the lock of the callbacks held the sequence stands still. */
export const endedUnderTheLockOfTheCallbacks = contract({
  id: 'RFC-06',
  binds: 'driver',
  says: 'a section is ended with a lock held that is held whenever an invalidation is counted',
  cites: ['000:7024-7025', '000:6832-6835'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { locks },
  start: (): Sides => ({ counting: new Map(), ending: new Map() }),
  on: {
    mmu_invlock_inv_start: ({ counting }, { task, invlock }, { locks }) =>
      narrow(counting, invlock, namesHeld(locks, task)),
    mn_invlock_end_write_and_unlock: (sides, { task, invlock }, { locks }, tell) => {
      narrow(sides.ending, invlock, namesHeld(locks, task))
      const other = sides.counting.get(invlock)
      if (!other) return
      if ([...sides.ending.get(invlock)!].some((lock) => other.has(lock))) tell.exercise('one lock')
      else tell.object(`sections of ${invlock} end without the lock of its callbacks`)
    },
  },
})

function namesHeld(known: Parameters<typeof heldBy>[0], task: number): ReadonlySet<string> {
  const own = heldBy(known, task).filter(
    ({ mode, name }) => mode === 'exclusive' && name !== 'mmap_sem',
  )
  return new Set(own.map(({ lock }) => lock))
}

function narrow(
  side: Map<string, ReadonlySet<string>>,
  invlock: string,
  held: ReadonlySet<string>,
): void {
  const before = side.get(invlock)
  side.set(invlock, before ? new Set([...before].filter((lock) => held.has(lock))) : held)
}
