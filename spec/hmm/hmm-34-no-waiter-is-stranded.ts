import { contract } from '../contract'
import { quiescence } from '../facts/quiescence'

interface Wait {
  readonly range: string
  readonly mm: string
  /** A user of the mm was dropped meanwhile. */
  dropped: boolean
  /** The mm was torn down meanwhile, or before. */
  exited: boolean
}

interface Waits {
  /** The wait that each task is inside of. */
  readonly byTask: Map<number, Wait>
  /** Address spaces that were torn down. */
  readonly gone: Set<string>
}

/** The end of an address space leaves nobody waiting for an end that will not come. */
export const noWaiterIsStranded = contract({
  id: 'HMM-34',
  binds: 'hmm',
  says: 'a wait is not under way while its mm is torn down, or is woken by it: no timer ends it and none sleeps for ever',
  cites: ['000:705-706', '000:833-840'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { quiescence },
  start: (): Waits => ({ byTask: new Map(), gone: new Set() }),
  on: {
    hmm_range_wait_until_valid: ({ byTask, gone }, { task, range }, { quiescence }) => {
      const mm = quiescence.ranges.get(range)?.mm ?? ''
      byTask.set(task, { range, mm, dropped: false, exited: gone.has(mm) })
    },
    mmput: ({ byTask }, { mm }) => {
      for (const wait of byTask.values()) if (wait.mm === mm) wait.dropped = true
    },
    exit_mmap: ({ byTask, gone }, { mm }) => {
      gone.add(mm)
      for (const wait of byTask.values()) if (wait.mm === mm) wait.exited = true
    },
    'schedule_timeout.return': ({ byTask }, { task, result }, _known, tell) => {
      const wait = byTask.get(task)
      if (wait?.exited && result === 0)
        tell.object(`a timer ends the wait on ${wait.range}, whose mm was torn down`)
    },
    'hmm_range_wait_until_valid.return': ({ byTask }, { task, result }, _known, tell) => {
      const wait = byTask.get(task)
      byTask.delete(task)
      if (wait?.dropped && !wait.exited && result) tell.exercise('outlived a user of its mm')
    },
    run_end: ({ byTask }, { kind }, _known, tell) => {
      if (kind !== 'deadlock') return
      for (const { range, exited } of byTask.values())
        if (exited) tell.object(`the wait on ${range}, whose mm was torn down, never ends`)
    },
  },
})
