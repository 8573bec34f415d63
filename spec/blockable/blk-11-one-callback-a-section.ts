import { contract } from '../contract'
import { atomicity, nonBlockDepth } from '../facts/atomicity'

/** The section is as long as the callback, and there is one only where blocking is forbidden. */
export const oneCallbackASection = contract({
  id: 'BLK-11',
  binds: 'notifier-core',
  says: 'each start callback of a pass that must not block runs in one section of its own, which ends however it answers; others run in none',
  cites: ['002:374-378'],
  minimum: { exercised: 300, witnesses: 3 },
  uses: { atomicity },
  /** Passes whose starts are being called, and the depth before, by task. */
  start: () => new Map<number, { readonly depth: number; answered: number }>(),
  on: {
    __mmu_notifier_invalidate_range_start: (state, { task }, { atomicity }) =>
      void state.set(task, { depth: nonBlockDepth(atomicity, task), answered: 0 }),
    invalidate_range_start: (state, { task, mn, blockable }, { atomicity }, tell) => {
      const expected = (state.get(task)?.depth ?? 0) + (blockable ? 0 : 1)
      const depth = nonBlockDepth(atomicity, task)
      if (depth !== expected)
        tell.object(
          `the ${blockable ? 'blockable' : 'non-blockable'} start of ${mn} is called inside ${depth} sections, not ${expected}`,
        )
    },
    'invalidate_range_start.return': (state, { task, result }) => {
      const pass = state.get(task)
      if (pass) pass.answered = result
    },
    '__mmu_notifier_invalidate_range_start.return': (
      state,
      { task, pass, blockable },
      { atomicity },
      tell,
    ) => {
      const before = state.get(task)
      state.delete(task)
      const depth = nonBlockDepth(atomicity, task)
      if (depth !== (before?.depth ?? 0))
        tell.object(`task ${task} comes out of the starts of ${pass} inside ${depth} sections`)
      else
        tell.exercise(
          `${blockable ? 'blockable' : 'non-blockable'}, ${before?.answered === 0 ? 'agreed' : 'refused'}`,
        )
    },
  },
})
