import { contract } from '../contract'

/** A grace period, and the notifiers that had been unlinked when it began. */
interface Grace {
  readonly srcu: string
  readonly unlinked: ReadonlySet<string>
}

interface Domains {
  /** Tasks that have entered a pass, and not yet the section in which they walk the notifiers. */
  readonly entering: Set<number>
  /** The domains under which passes walk the notifiers. */
  readonly walked: Set<string>
  readonly unlinked: Set<string>
  readonly queued: Map<string, Grace>
  readonly waiting: Map<number, Grace>
  /** The domains of which a whole grace period has passed since a notifier was unlinked. */
  readonly over: Map<string, Set<string>>
}

/** Who waits out the readers of another domain has waited for nobody. */
export const theNotifiersSrcu = contract({
  id: 'LIF-04',
  binds: 'hmm',
  says: 'the grace period before the memory around a notifier is freed is one of the SRCU under which passes walk the notifiers',
  cites: ['000:2421-2434'],
  minimum: { exercised: 200, witnesses: 2 },
  start: (): Domains => ({
    entering: new Set(),
    walked: new Set(),
    unlinked: new Set(),
    queued: new Map(),
    waiting: new Map(),
    over: new Map(),
  }),
  on: {
    __mmu_notifier_invalidate_range_start: ({ entering }, { task }) => void entering.add(task),
    __mmu_notifier_invalidate_range_end: ({ entering }, { task }) => void entering.add(task),
    srcu_read_lock: ({ entering, walked }, { task, srcu }) => {
      if (entering.delete(task)) walked.add(srcu)
    },
    'mmu_notifier_unregister_no_release.return': ({ unlinked }, { mn }) => void unlinked.add(mn),
    mmu_notifier_unregister: ({ unlinked }, { mn }) => void unlinked.add(mn),
    call_srcu: ({ queued, unlinked }, { head, srcu }) =>
      void queued.set(head, { srcu, unlinked: new Set(unlinked) }),
    srcu_invoke_callback: (state, { head }) => passed(state, state.queued.get(head)),
    synchronize_srcu: ({ waiting, unlinked }, { task, srcu }) =>
      void waiting.set(task, { srcu, unlinked: new Set(unlinked) }),
    'synchronize_srcu.return': (state, { task }) => passed(state, state.waiting.get(task)),
    kfree: ({ walked, over }, { object, embeds }, _known, tell) => {
      for (const mn of embeds.split(' ')) {
        const domains = over.get(mn)
        if (!domains || walked.size === 0) continue
        if ([...walked].some((srcu) => domains.has(srcu)))
          tell.exercise(object.slice(0, object.indexOf(':')))
        else
          tell.object(
            `${object} is freed after a grace period of ${[...domains].join(', ')}, and passes are read under ${[...walked].join(', ')}`,
          )
      }
    },
  },
})

function passed({ over }: Domains, grace: Grace | undefined): void {
  for (const mn of grace?.unlinked ?? []) {
    const domains = over.get(mn)
    if (domains) domains.add(grace!.srcu)
    else over.set(mn, new Set([grace!.srcu]))
  }
}
