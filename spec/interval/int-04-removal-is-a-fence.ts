import { contract } from '../contract'

interface Removals {
  /** How many callbacks of each notifier are running. */
  readonly running: Map<string, number>
  readonly removed: Set<string>
  /** Notifiers with a callback that ran while their removal did. */
  readonly met: Set<string>
  readonly removing: Set<string>
}

/** Whoever has removed his notifier may free it. */
export const removalIsAFence = contract({
  id: 'INT-04',
  binds: 'notifier-core',
  says: 'the removal of an interval notifier returns only when no callback of it runs, and none begins afterwards',
  cites: ['000:109-133'],
  minimum: { exercised: 100, witnesses: 2 },
  start: (): Removals => ({
    running: new Map(),
    removed: new Set(),
    met: new Set(),
    removing: new Set(),
  }),
  on: {
    mmu_interval_notifier_insert: ({ removed }, { interval }) => void removed.delete(interval),
    invalidate: ({ running, removed, removing, met }, { interval, pass }, _known, tell) => {
      if (removed.has(interval))
        tell.object(`${interval} is told of ${pass} after its removal returned`)
      if (removing.has(interval)) met.add(interval)
      running.set(interval, (running.get(interval) ?? 0) + 1)
    },
    'invalidate.return': ({ running }, { interval }) =>
      void running.set(interval, (running.get(interval) ?? 1) - 1),
    mmu_interval_notifier_remove: ({ running, removing, met }, { interval }) => {
      removing.add(interval)
      if ((running.get(interval) ?? 0) > 0) met.add(interval)
    },
    'mmu_interval_notifier_remove.return': (state, { interval }, _known, tell) => {
      state.removing.delete(interval)
      state.removed.add(interval)
      if ((state.running.get(interval) ?? 0) > 0)
        tell.object(`the removal of ${interval} is over while a callback of it runs`)
      else tell.exercise(state.met.delete(interval) ? 'waited for a callback' : 'nobody called')
    },
  },
})
