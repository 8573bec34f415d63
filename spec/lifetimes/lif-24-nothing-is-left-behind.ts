import { contract } from '../contract'

interface Left {
  /** Ranges that are registered, and by which task. */
  readonly ranges: Map<string, number>
  /** Tasks whose operation has used a range. */
  readonly used: Set<number>
  readonly allocated: Set<string>
  /** Of the list or of an interval. */
  readonly notifiers: Set<string>
  /** Notifiers that are no longer registered, and whose struct is not freed yet. */
  readonly retired: Set<string>
  /** Address spaces that have been torn down. */
  readonly gone: Set<string>
}

/** Who forgets a range keeps a dead process's memory for ever. */
export const nothingIsLeftBehind = contract({
  id: 'LIF-24',
  binds: 'driver',
  says: 'a driver operation that is over has unregistered its ranges, and when a process is gone and its devices are closed nothing of it stays allocated',
  cites: ['000:744-746', '000:3957-3958', '003:2'],
  minimum: { exercised: 1000, witnesses: 2 },
  start: (): Left => ({
    ranges: new Map(),
    used: new Set(),
    allocated: new Set(),
    notifiers: new Set(),
    retired: new Set(),
    gone: new Set(),
  }),
  on: {
    'hmm_range_register.return': ({ ranges, used }, { task, range, result }) => {
      if (result !== 0) return
      ranges.set(range, task)
      used.add(task)
    },
    hmm_range_unregister: ({ ranges }, { range }) => void ranges.delete(range),
    'operation.return': ({ ranges, used }, { task, text }, _known, tell) => {
      if (!used.delete(task)) return
      const left = [...ranges].find(([, owner]) => owner === task)
      if (left) tell.object(`${left[0]} is still registered when "${text}" is over`)
      else tell.exercise('an operation is over')
    },
    kmalloc: ({ allocated }, { object }) => void allocated.add(object),
    'kfree.return': ({ allocated, retired }, { object, embeds }) => {
      allocated.delete(object)
      for (const mn of embeds.split(' ')) retired.delete(mn)
    },
    '__mmu_notifier_register.return': ({ notifiers, retired }, { mn, result }) => {
      if (result !== 0) return
      notifiers.add(mn)
      retired.delete(mn)
    },
    'mmu_notifier_unregister.return': retire,
    'mmu_notifier_unregister_no_release.return': retire,
    'mmu_interval_notifier_insert.return': ({ notifiers }, { interval, result }) => {
      if (result === 0) notifiers.add(interval)
    },
    'mmu_interval_notifier_remove.return': ({ notifiers }, { interval }) =>
      void notifiers.delete(interval),
    'exit_mmap.return': ({ gone }, { mm }) => void gone.add(mm),
    run_end: ({ allocated, notifiers, retired, gone }, { kind }, _known, tell) => {
      if (kind !== 'done') return
      for (const mn of retired) tell.object(`${mn} is unregistered and its struct still allocated`)
      if (gone.size === 0 || notifiers.size > 0) return
      const lives = [...allocated].some((object) => object.startsWith('mm:') && !gone.has(object))
      if (lives) return
      const [left] = allocated
      if (left !== undefined) tell.object(`the process is gone and ${left} is still allocated`)
      else tell.exercise('nothing is left of a process')
    },
  },
})

function retire({ notifiers, retired }: Left, { mn }: { mn: string }): void {
  notifiers.delete(mn)
  retired.add(mn)
}
