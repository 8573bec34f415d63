import { contract } from '../contract'
import { srcu } from '../facts/srcu'

/** What a reader may stand on is memory until that reader has left. */
export const outlivesReaders = contract({
  id: 'LIF-03',
  binds: 'hmm',
  says: 'the memory around a notifier is freed only when every SRCU section that was open when it was unlinked has ended',
  cites: ['000:109-133'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { srcu },
  /** For each notifier, the sections that were open when its unlinking began. */
  start: () => new Map<string, ReadonlySet<string>>(),
  on: {
    mmu_notifier_unregister_no_release: (state, { mn }, { srcu }) =>
      void state.set(mn, new Set(srcu)),
    mmu_notifier_unregister: (state, { mn }, { srcu }) => void state.set(mn, new Set(srcu)),
    kfree: (state, { object, embeds }, { srcu }, tell) => {
      for (const mn of embeds.split(' ')) {
        const readers = state.get(mn)
        if (!readers) continue
        const inside = [...readers].find((section) => srcu.has(section))
        if (inside !== undefined)
          tell.object(
            `${object} is freed while section ${inside}, which may stand on ${mn}, is open`,
          )
        else tell.exercise(readers.size > 0 ? 'after its readers' : 'nobody was reading')
      }
    },
  },
})
