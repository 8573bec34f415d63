import { contract } from '../contract'

interface Trials {
  /** Blockable passes whose starts are being called, by task. */
  readonly passes: Map<number, string>
  /** Notifiers that refused a trial and were not asked again yet, by task. */
  readonly refused: Map<number, string>
  /** How often each notifier has agreed, by pass. */
  readonly agreed: Map<string, Map<string, number>>
  /** Notifiers that were tried, by pass, and whether they refused. */
  readonly tried: Map<string, Map<string, boolean>>
}

/** A blockable pass that asks without blocking first ends as if it had not. */
export const aTrialChangesNothing = contract({
  id: 'BLK-20',
  binds: 'driver',
  says: 'a notifier of a blockable pass that is asked without blocking first and refuses is asked again, and every notifier agrees exactly once',
  cites: ['002:4513-4527', '002:4596-4600'],
  minimum: { exercised: 50, witnesses: 2 },
  start: (): Trials => ({
    passes: new Map(),
    refused: new Map(),
    agreed: new Map(),
    tried: new Map(),
  }),
  on: {
    __mmu_notifier_invalidate_range_start: (
      { passes, agreed, tried },
      { task, pass, blockable },
    ) => {
      if (!blockable) return
      passes.set(task, pass)
      agreed.set(pass, new Map())
      tried.set(pass, new Map())
    },
    invalidate_range_start: ({ refused, passes }, { task, mn, blockable }, _known, tell) => {
      const before = refused.get(task)
      refused.delete(task)
      if (passes.has(task) && before !== undefined && (before !== mn || !blockable))
        tell.object(`${before} refused a trial, and ${mn} is asked next`)
    },
    'invalidate_range_start.return': ({ passes, refused, agreed, tried }, event) => {
      const { task, mn, pass, blockable, result } = event
      if (passes.get(task) !== pass) return
      if (!blockable) tried.get(pass)!.set(mn, result !== 0)
      if (result === 0) {
        const counts = agreed.get(pass)!
        counts.set(mn, (counts.get(mn) ?? 0) + 1)
      } else if (!blockable) refused.set(task, mn)
    },
    '__mmu_notifier_invalidate_range_start.return': (state, { task, pass }, _known, tell) => {
      if (!state.passes.delete(task)) return
      const refuser = state.refused.get(task)
      state.refused.delete(task)
      if (refuser !== undefined) tell.object(`${refuser} refused a trial in ${pass} for good`)
      const counts = state.agreed.get(pass)!
      state.agreed.delete(pass)
      for (const [mn, times] of counts)
        if (times > 1) tell.object(`${mn} agreed to ${pass} ${times} times`)
      for (const [, refusedFirst] of state.tried.get(pass)!)
        tell.exercise(refusedFirst ? 'refused, and was asked again' : 'agreed without blocking')
      state.tried.delete(pass)
    },
  },
})
