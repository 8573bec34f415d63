import { contract } from '../contract'

interface Failed {
  readonly mn: string
  readonly result: number
  readonly blockable: boolean
}

/** Whoever reads the log can tell which of the two rules was broken. */
export const diagnosisNamesTheCause = contract({
  id: 'BLK-23',
  binds: 'notifier-core',
  says: 'when a start callback fails, the log says with which code and whether the pass was blockable before anything else is called',
  cites: ['002:658-662', '002:724-725', '002:112-114'],
  minimum: { exercised: 50, witnesses: 1 },
  /** Failures that the log has not told of yet, by task. */
  start: () => new Map<number, Failed>(),
  on: {
    'invalidate_range_start.return': (state, { task, mn, result, blockable }) => {
      if (result !== 0) state.set(task, { mn, result, blockable })
    },
    printk: (state, { task, text }, _known, tell) => {
      const failed = state.get(task)
      if (!failed) return
      const context = failed.blockable ? /(?<!non-)blockable/ : /non-blockable/
      if (!text.includes(String(failed.result)) || !context.test(text)) return
      state.delete(task)
      tell.exercise(failed.blockable ? 'blockable' : 'non-blockable')
    },
    __warn: (state, { task }, _known, tell) => untold(state, task, 'warned of', tell),
    invalidate_range_start: (state, { task }, _known, tell) =>
      untold(state, task, 'passed over', tell),
    '__mmu_notifier_invalidate_range_start.return': (state, { task }, _known, tell) =>
      untold(state, task, 'reported', tell),
  },
})

function untold(
  state: Map<number, Failed>,
  task: number,
  how: string,
  tell: { object(sentence: string): void },
): void {
  const failed = state.get(task)
  if (!failed) return
  state.delete(task)
  tell.object(
    `${failed.mn} answered ${failed.result} and is ${how} without a word of whether the pass was blockable`,
  )
}
