import { contract } from '../contract'
import { idleSince, busyness } from '../facts/busyness'
import { passes, type Passes } from '../facts/passes'
import { quiescence } from '../facts/quiescence'
import { EAGAIN, EBUSY } from '../headers/types'
import type { Tell } from '../contract'

interface Aftermath {
  /** Notifiers and address spaces that were part of a refused pass. */
  readonly aborted: Set<string>
  /** When each task asked for entries, and of which range. */
  readonly asked: Map<number, number>
  /** What each task is doing. */
  readonly doing: Map<number, string>
}

type Known = {
  readonly busyness: ReturnType<typeof busyness.start>
  readonly quiescence: ReturnType<typeof quiescence.start>
}

/** After refused passes everybody is as if there had been none: nobody is told to retry, nobody waits. */
export const abortedPassesLeaveNoTrace = contract({
  id: 'OOM-09',
  binds: 'notifier-core',
  says: 'when passes were refused and no other is open, entries are given at the first request and nobody waits for an end of a pass',
  cites: ['004:57-70'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { busyness, passes, quiescence },
  start: (): Aftermath => ({ aborted: new Set(), asked: new Map(), doing: new Map() }),
  on: {
    '__mmu_notifier_invalidate_range_start.return': ({ aborted }, { pass, mm }, { passes }) => {
      const known = passes.byId.get(pass)
      if (known?.phase !== 'failed') return
      aborted.add(mm)
      for (const mn of known.starts.keys()) aborted.add(mn)
    },
    hmm_range_snapshot: ({ asked }, { task, at }) => void asked.set(task, at),
    'hmm_range_snapshot.return': (state, event, known, tell) => answered(state, event, known, tell),
    hmm_range_fault: ({ asked }, { task, at }) => void asked.set(task, at),
    'hmm_range_fault.return': (state, event, known, tell) => {
      // Who may not block is told that a page has to be waited for.
      if (event.block || event.result !== -EAGAIN) answered(state, event, known, tell)
    },
    device_pte_set: ({ aborted }, { mm, name }, { passes }, tell) => {
      if (aborted.has(mm) && passes.live.size === 0) tell.exercise(`${name} maps after a refusal`)
    },
    operation: ({ doing }, { task, text }) => void doing.set(task, text),
    'operation.return': ({ doing }, { task }) => void doing.delete(task),
    run_end: ({ aborted, doing }, { kind }, { passes }, tell) => {
      if (kind !== 'deadlock' && kind !== 'livelock') return
      if (aborted.size > 0 && nobodyIsOpen(passes))
        for (const [task, text] of doing)
          tell.object(
            `task ${task} is stuck in "${text}" though all passes are over or were refused`,
          )
    },
  },
})

function nobodyIsOpen({ live }: Passes): boolean {
  return live.size === 0
}

/** A request for entries was answered: while nothing was open there is no reason to retry. */
function answered(
  { aborted, asked }: Aftermath,
  { task, range, result }: { task: number; range: string; result: number },
  { busyness, quiescence }: Known,
  tell: Tell,
): void {
  const since = asked.get(task)
  const mn = quiescence.ranges.get(range)?.mn
  if (since === undefined || mn === undefined || !aborted.has(mn)) return
  if (!idleSince(busyness, range, since)) return
  if (result === -EBUSY || result === -EAGAIN)
    tell.object(
      `task ${task} is told to retry ${range} though only refused passes had concerned it`,
    )
  else tell.exercise('entries at the first request')
}
