import { contract } from '../contract'
import { openPasses, overlapShape, passes, type Pass, type Passes } from '../facts/passes'

interface Insertions {
  /** By task that inserts, the passes that were open when it began to. */
  readonly inserting: Map<number, readonly Pass[]>
  /** By interval notifier, where it is, and the passes that were open all through its insertion. */
  readonly under: Map<string, { readonly passes: readonly Pass[]; start: number; end: number }>
  /** By task that begins to read, those of them that were still open then. */
  readonly waiting: Map<number, readonly Pass[]>
}

/** Nobody told it of the passes that were open, so it waits for all of them. */
export const insertedInsideAPass = contract({
  id: 'INT-08',
  binds: 'notifier-core',
  says: 'read_begin of an interval notifier that was inserted while a pass was open, whether or not it meets it, does not return before that pass ends',
  cites: ['000:1106-1107', '000:3178-3179'],
  minimum: { exercised: 10, witnesses: 2 },
  uses: { passes },
  start: (): Insertions => ({ inserting: new Map(), under: new Map(), waiting: new Map() }),
  on: {
    mmu_interval_notifier_insert: ({ inserting }, { task, mm }, { passes }) =>
      void inserting.set(task, openPasses(passes, mm)),
    'mmu_interval_notifier_insert.return': (
      { inserting, under },
      { task, interval, start, end },
      { passes },
    ) => {
      const all = (inserting.get(task) ?? []).filter((pass) => isStillOpen(passes, pass))
      under.set(interval, { passes: all, start, end })
    },
    mmu_interval_read_begin: ({ under, waiting }, { task, interval }, { passes }) => {
      const open = under.get(interval)?.passes.filter((pass) => isStillOpen(passes, pass)) ?? []
      waiting.set(task, open)
    },
    'mmu_interval_read_begin.return': (
      { under, waiting },
      { task, interval },
      { passes },
      tell,
    ) => {
      const before = waiting.get(task) ?? []
      const open = before.find((pass) => isStillOpen(passes, pass))
      if (open)
        tell.object(`${interval} was inserted inside ${open.pass} and is read before its end`)
      else for (const pass of before) tell.exercise(overlapShape(pass, under.get(interval)!))
    },
  },
})

function isStillOpen({ byId }: Passes, pass: Pass): boolean {
  return byId.get(pass.pass) === pass && pass.phase === 'open'
}
