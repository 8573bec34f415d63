import { contract, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { mirrors } from '../facts/mirrors'

interface Dying {
  /** Tasks in a callback that found its hmm being freed, and what it is. */
  readonly inside: Map<number, string>
}
const uses = { callbacks, mirrors }

/** A callback that meets an hmm without references leaves at once, and content. */
export const aDyingHmmDoesNothing = contract({
  id: 'HMM-35',
  binds: 'hmm',
  says: 'a notifier callback on an hmm whose last reference is gone takes no lock, calls nobody, and a start returns 0',
  cites: ['000:208-211', '000:223-225', '000:2460-2462'],
  minimum: { exercised: 20, witnesses: 2 },
  uses,
  start: (): Dying => ({ inside: new Map() }),
  on: {
    'kref_get_unless_zero.return': ({ inside }, { task, result }, { callbacks, mirrors }, tell) => {
      const callback = callbacksOf(callbacks, task).at(-1)
      if (result || !callback || !mirrors.notifiers.get(callback.on)?.hmm) return
      inside.set(task, `${callback.op} of ${callback.on}`)
      tell.exercise(callback.op)
    },
    spin_lock: (state, { task, name }, _known, tell) => judge(state, task, `takes ${name}`, tell),
    down_read: (state, { task, name }, _known, tell) => judge(state, task, `takes ${name}`, tell),
    down_read_trylock: (state, { task, name }, _known, tell) =>
      judge(state, task, `tries ${name}`, tell),
    sync_cpu_device_pagetables: (state, { task, mirror }, _known, tell) =>
      judge(state, task, `calls ${mirror}`, tell),
    kref_put: (state, { task }, _known, tell) => judge(state, task, 'drops a reference', tell),
    'invalidate_range_start.return': (state, { task, result }, _known, tell) => {
      if (result !== 0) judge(state, task, `returns ${result}`, tell)
      state.inside.delete(task)
    },
    'invalidate_range_end.return': ({ inside }, { task }) => void inside.delete(task),
    'mmu_notifier_ops.release.return': ({ inside }, { task }) => void inside.delete(task),
  },
})

function judge({ inside }: Dying, task: number, does: string, tell: Tell): void {
  const callback = inside.get(task)
  if (callback !== undefined) tell.object(`the ${callback}, whose hmm is being freed, ${does}`)
}
