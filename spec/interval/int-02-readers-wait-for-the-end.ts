import { contract } from '../contract'
import { openPasses, passes } from '../facts/passes'

interface Hits {
  /** By interval notifier, the passes that have invalidated it and its mm. */
  readonly byInterval: Map<string, Set<string>>
  /** By task that begins to read, passes that were open over its notifier then. */
  readonly waiting: Map<number, readonly string[]>
}

/** A sequence is handed out when nothing is being invalidated: otherwise the reader would retry for ever. */
export const readersWaitForTheEnd = contract({
  id: 'INT-02',
  binds: 'notifier-core',
  says: 'read_begin does not return before the end of a pass that was open and had invalidated its notifier when it was called',
  cites: ['000:6244-6247', '000:2977-2979'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { passes },
  start: (): Hits => ({ byInterval: new Map(), waiting: new Map() }),
  on: {
    'invalidate.return': ({ byInterval }, { interval, pass, result }) => {
      if (!result) return
      const hits = byInterval.get(interval)
      if (hits) hits.add(pass)
      else byInterval.set(interval, new Set([pass]))
    },
    __mmu_notifier_invalidate_range_end: ({ byInterval }, { pass }) => {
      for (const hits of byInterval.values()) hits.delete(pass)
    },
    mmu_interval_read_begin: ({ byInterval, waiting }, { task, interval }, { passes }) => {
      const open = [...(byInterval.get(interval) ?? [])].filter((pass) => isOpen(passes, pass))
      waiting.set(task, open)
    },
    'mmu_interval_read_begin.return': ({ waiting }, { task, interval }, { passes }, tell) => {
      const before = waiting.get(task) ?? []
      const open = before.find((pass) => isOpen(passes, pass))
      if (open !== undefined)
        tell.object(`${interval} is read although ${open}, which had invalidated it, is still open`)
      else tell.exercise(before.length > 0 ? 'waited for an end' : 'nothing to wait for')
    },
  },
})

function isOpen(state: ReturnType<typeof passes.start>, pass: string): boolean {
  const known = state.byId.get(pass)
  return known !== undefined && openPasses(state, known.mm).includes(known)
}
