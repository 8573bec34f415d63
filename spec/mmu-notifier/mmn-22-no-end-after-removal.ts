import { contract } from '../contract'
import { passes } from '../facts/passes'

/** Whoever is removed inside a pass has nothing to wait for. */
export const noEndAfterRemoval = contract({
  id: 'MMN-22',
  kind: 'permission',
  binds: 'notifier-core',
  says: 'a notifier that is removed between the start and the end of a pass may receive no end, and its removal does not wait for it',
  cites: ['000:120-125', '004:89-90'],
  minimum: { exercised: 10, witnesses: 2 },
  uses: { passes },
  on: {
    'mmu_notifier_unregister.return': (_state, { mn }, { passes }, tell) => {
      for (const { starts, ends, phase } of passes.live)
        if (phase === 'open' && starts.get(mn) === 0 && !ends.has(mn))
          tell.exercise('removed while the pass is open')
    },
    '__mmu_notifier_invalidate_range_end.return': (_state, { pass }, { passes }, tell) => {
      const known = passes.byId.get(pass)
      for (const mn of known?.removed ?? [])
        if (known!.starts.get(mn) === 0 && !known!.ends.has(mn))
          tell.exercise('the pass ends without it')
    },
  },
})
