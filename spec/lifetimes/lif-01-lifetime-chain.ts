import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'
import { quiescence } from '../facts/quiescence'

interface Chain {
  /** Notifiers of HMM whose memory has been freed. */
  readonly freed: Set<string>
  /** Tasks in a callback that has dropped the mm for the last time, and is to free that hmm next. */
  readonly lastUse: Map<number, string>
  /** Tasks that run a callback of SRCU. */
  readonly freeing: Set<number>
}

/** A registered range keeps its hmm, and an hmm that is memory keeps its mm_struct. */
export const lifetimeChain = contract({
  id: 'LIF-01',
  binds: 'hmm',
  says: 'while a range is registered its hmm is not freed, and until an hmm is being freed its mm_struct is memory',
  cites: ['000:25-26'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { mirrors, quiescence },
  start: (): Chain => ({ freed: new Set(), lastUse: new Map(), freeing: new Set() }),
  on: {
    srcu_invoke_callback: ({ freeing }, { task }) => void freeing.add(task),
    'srcu_invoke_callback.return': ({ freeing, lastUse }, { task }, _known, tell) => {
      freeing.delete(task)
      const kept = lastUse.get(task)
      lastUse.delete(task)
      if (kept !== undefined) tell.object(`the mm of ${kept} is freed and its hmm stays`)
    },
    kfree: (state, { task, object, embeds }, { mirrors, quiescence }, tell) => {
      const { freed, lastUse, freeing } = state
      for (const mn of embeds.split(' ').filter((mn) => mirrors.notifiers.get(mn)?.hmm)) {
        freed.add(mn)
        if (lastUse.get(task) === mn) lastUse.delete(task)
        const range = [...quiescence.ranges.values()].find(
          (candidate) => candidate.mn === mn && candidate.registered,
        )
        if (range)
          tell.object(`${object}, which embeds ${mn}, is freed while ${range.range} is registered`)
        else tell.exercise('hmm freed without ranges')
      }
      for (const [mn, notifier] of mirrors.notifiers) {
        if (!notifier.hmm || notifier.mm !== object) continue
        if (freed.has(mn)) tell.exercise('mm freed after its hmm')
        else if (freeing.has(task)) lastUse.set(task, mn)
        else tell.object(`${object} is freed while the hmm of ${mn} still points to it`)
      }
    },
  },
})
