import { contract } from '../contract'
import { listedWith, mirrors } from '../facts/mirrors'
import { passes } from '../facts/passes'
import { srcu } from '../facts/srcu'

interface Removals {
  /** By pass, who was listed when its start walk began. */
  readonly owed: Map<string, readonly string[]>
  /** By notifier, the sections that were open when its unregistration began. */
  readonly readers: Map<string, ReadonlySet<string>>
}

/** Notifiers go while others walk over them: the walk loses nobody, and whoever removes waits for it. */
export const removalUnderReaders = contract({
  id: 'MMN-10',
  binds: 'notifier-core',
  says: 'a walk during which a notifier is removed still calls all that stay listed, and mmu_notifier_unregister returns after the sections that were open',
  cites: ['004:96', '000:2424-2428'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { mirrors, passes, srcu },
  start: (): Removals => ({ owed: new Map(), readers: new Map() }),
  on: {
    __mmu_notifier_invalidate_range_start: ({ owed }, { pass, mm }, { mirrors }) =>
      void owed.set(pass, listedWith(mirrors, mm, 'invalidate_range_start')),
    '__mmu_notifier_invalidate_range_start.return': (
      { owed },
      { pass, mm, result },
      known,
      tell,
    ) => {
      const walk = known.passes.byId.get(pass)
      if (!walk || result !== 0 || walk.removed.size === 0) return
      const listed = listedWith(known.mirrors, mm, 'invalidate_range_start')
      for (const mn of (owed.get(pass) ?? []).filter((one) => listed.includes(one)))
        if (walk.starts.has(mn)) tell.exercise('called although another was removed')
        else tell.object(`${mn} is not told of ${pass}, during whose start another was removed`)
    },
    mmu_notifier_unregister: ({ readers }, { mn }, { srcu }) => void readers.set(mn, new Set(srcu)),
    'mmu_notifier_unregister.return': ({ readers }, { mn }, { srcu }, tell) => {
      const before = readers.get(mn) ?? new Set<string>()
      const inside = [...before].find((section) => srcu.has(section))
      if (inside !== undefined)
        tell.object(`the removal of ${mn} is over while section ${inside} may stand on it`)
      else tell.exercise(before.size > 0 ? 'waited for readers' : 'nobody was reading')
    },
  },
})
