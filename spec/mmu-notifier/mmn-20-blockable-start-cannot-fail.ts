import { contract } from '../contract'

interface Started {
  /** Blockable passes of each task that have begun and not ended, and whether the core told anybody. */
  readonly begun: Map<string, number>
  /** The pass whose wrapper each task is inside of. */
  readonly inside: Map<number, string>
}

/** A caller that may block is not refused: the pass is blockable for everybody, and it has an end. */
export const blockableStartCannotFail = contract({
  id: 'MMN-20',
  binds: 'notifier-core',
  says: 'mmu_notifier_invalidate_range_start makes its pass blockable and cannot fail: its caller always goes on to range_end',
  cites: ['002:466-472'],
  minimum: { exercised: 200, witnesses: 2 },
  start: (): Started => ({ begun: new Map(), inside: new Map() }),
  on: {
    mmu_notifier_invalidate_range_start: ({ begun, inside }, { task, pass }) => {
      begun.set(pass, task)
      inside.set(task, pass)
    },
    'mmu_notifier_invalidate_range_start.return': ({ inside }, { task }) =>
      void inside.delete(task),
    __mmu_notifier_invalidate_range_start: (
      { inside },
      { task, pass, blockable },
      _known,
      tell,
    ) => {
      if (inside.get(task) === pass && !blockable)
        tell.object(
          `${pass} was begun as blockable and its notifiers are told that they must not block`,
        )
    },
    mmu_notifier_invalidate_range_end: ({ begun }, { pass, start, end }, _known, tell) => {
      if (begun.delete(pass)) tell.exercise(end - start === 1 ? 'one page' : 'several pages')
    },
    mmu_notifier_invalidate_range_only_end: ({ begun }, { pass }, _known, tell) => {
      if (begun.delete(pass)) tell.exercise('told under the page table lock')
    },
    run_end: ({ begun }, { kind }, _known, tell) => {
      if (kind !== 'done') return
      for (const [pass, task] of begun)
        tell.object(`task ${task} began ${pass} as blockable and never ended it`)
    },
  },
})
