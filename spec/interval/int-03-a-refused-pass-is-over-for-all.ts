import { contract } from '../contract'
import { passes } from '../facts/passes'

interface Waiters {
  /** Tasks inside of read_begin or remove, and what they call. */
  readonly inside: Map<number, string>
  readonly refused: Set<string>
}

/** Whatever a pass was refused by, interval notifiers are afterwards as if there had been none. */
export const aRefusedPassIsOverForAll = contract({
  id: 'INT-03',
  binds: 'notifier-core',
  says: 'when every pass is over or was refused, nobody waits in read_begin or in the removal of an interval notifier',
  cites: ['004:59-68', '004:81-82'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { passes },
  start: (): Waiters => ({ inside: new Map(), refused: new Set() }),
  on: {
    '__mmu_notifier_invalidate_range_start.return': ({ refused }, { mm, pass }, { passes }) => {
      if (passes.byId.get(pass)?.phase === 'failed') refused.add(mm)
    },
    mmu_interval_read_begin: ({ inside }, { task, interval }) =>
      void inside.set(task, `a reader of ${interval}`),
    'mmu_interval_read_begin.return': ({ inside, refused }, { task }, _known, tell) => {
      inside.delete(task)
      tell.exercise(refused.size > 0 ? 'read after a refusal' : 'read')
    },
    mmu_interval_notifier_remove: ({ inside }, { task, interval }) =>
      void inside.set(task, `the removal of ${interval}`),
    'mmu_interval_notifier_remove.return': ({ inside }, { task }) => void inside.delete(task),
    run_end: ({ inside, refused }, { kind }, { passes }, tell) => {
      if (kind !== 'deadlock' || passes.live.size > 0) return
      for (const who of inside.values())
        tell.object(
          `${who} waits for ever and no pass is open${refused.size > 0 ? ', one was refused' : ''}`,
        )
    },
  },
})
