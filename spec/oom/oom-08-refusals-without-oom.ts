import { contract } from '../contract'
import { intersects, passes } from '../facts/passes'

/** What only a shortage of memory would show is tried without one, on processes that live on. */
export const refusalsWithoutOom = contract({
  id: 'OOM-08',
  kind: 'adversary',
  binds: 'mm',
  says: 'passes that must not block are made while memory is not short, refused and agreed to, and the same pages are invalidated later by passes that may block',
  cites: ['002:4526-4527'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { passes },
  on: {
    '__mmu_notifier_invalidate_range_start.return': (_state, { pass }, { passes }, tell) => {
      const known = passes.byId.get(pass)
      if (!known?.blockable) return
      for (const earlier of passes.byId.values()) {
        if (earlier.blockable || earlier.mm !== known.mm || !intersects(earlier, known)) continue
        if (earlier.phase === 'failed') tell.exercise('after a refusal')
        if (earlier.phase === 'closed') tell.exercise('after an agreement')
      }
    },
  },
})
