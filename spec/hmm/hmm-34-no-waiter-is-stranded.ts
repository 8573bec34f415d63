import { contract } from '../contract'
import { quiescence } from '../facts/quiescence'

interface Wait {
  readonly range: string
  readonly mm: string
  /** A user of the mm was dropped meanwhile. */
  dropped: boolean
  /** The mm was torn down meanwhile. */
  exited: boolean
}

/** The end of an address space leaves nobody waiting for an end that will not come. */
export const noWaiterIsStranded = contract({
  id: 'HMM-34',
  binds: 'hmm',
  says: 'a wait is not under way while its mm is torn down, or is woken by it: no timer ends it and none sleeps for ever',
  cites: ['000:705-706', '000:833-840'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { quiescence },
  /** The wait that each task is inside of. */
  start: () => new Map<number, Wait>(),
  on: {
    hmm_range_wait_until_valid: (waits, { task, range }, { quiescence }) => {
      const mm = quiescence.ranges.get(range)?.mm ?? ''
      waits.set(task, { range, mm, dropped: false, exited: false })
    },
    mmput: (waits, { mm }) => {
      for (const wait of waits.values()) if (wait.mm === mm) wait.dropped = true
    },
    exit_mmap: (waits, { mm }) => {
      for (const wait of waits.values()) if (wait.mm === mm) wait.exited = true
    },
    'schedule_timeout.return': (waits, { task, result }, _known, tell) => {
      const wait = waits.get(task)
      if (wait?.exited && result === 0)
        tell.object(`a timer ends the wait on ${wait.range}, whose mm was torn down meanwhile`)
    },
    'hmm_range_wait_until_valid.return': (waits, { task, result }, _known, tell) => {
      const wait = waits.get(task)
      waits.delete(task)
      if (wait?.dropped && !wait.exited && result) tell.exercise('outlived a user of its mm')
    },
    oops: (waits, { task }) => void waits.delete(task),
    run_end: (waits, { kind }, _known, tell) => {
      if (kind !== 'deadlock') return
      for (const { range, exited } of waits.values())
        if (exited) tell.object(`the wait on ${range}, whose mm was torn down, never ends`)
    },
  },
})
