import { contract, type Tell } from '../contract'

interface Unlinked {
  /** Notifiers whose unregister_no_release has returned. */
  readonly gone: Set<string>
}

/** Callbacks may still run on a notifier whose removal has returned: the suite must reach that. */
export const unregisterIsNoFence = contract({
  id: 'MMN-11',
  kind: 'adversary',
  binds: 'notifier-core',
  says: 'after unregister_no_release returned, callbacks that began earlier may still run and new ones may begin until the grace period is over',
  cites: ['000:109-111'],
  minimum: { exercised: 10, witnesses: 2 },
  start: (): Unlinked => ({ gone: new Set() }),
  on: {
    'mmu_notifier_unregister_no_release.return': ({ gone }, { mn }) => void gone.add(mn),
    invalidate_range_start: (state, { mn }, _known, tell) =>
      reach(state, mn, 'a start begins', tell),
    invalidate_range_end: (state, { mn }, _known, tell) => reach(state, mn, 'an end begins', tell),
    'mmu_notifier_ops.release': (state, { mn }, _known, tell) =>
      reach(state, mn, 'a release begins', tell),
    'invalidate_range_start.return': (state, { mn }, _known, tell) =>
      reach(state, mn, 'a start was running', tell),
    'invalidate_range_end.return': (state, { mn }, _known, tell) =>
      reach(state, mn, 'an end was running', tell),
  },
})

function reach({ gone }: Unlinked, mn: string, witness: string, tell: Tell): void {
  if (gone.has(mn)) tell.exercise(witness)
}
