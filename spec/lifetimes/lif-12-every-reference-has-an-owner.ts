import { contract, type Tell } from '../contract'
import { callbacks, callbacksOf, type Callbacks } from '../facts/callbacks'
import { mirrors, type Mirrors } from '../facts/mirrors'
import { quiescence, type Quiescence } from '../facts/quiescence'

interface References {
  /** By kref: references, its maker's among them. */
  readonly count: Map<string, number>
  /** The notifier of the hmm that a kref counts, once it is known. */
  readonly of: Map<string, string>
  /** Tasks inside a call that changes what is registered, and with whose mirror. */
  readonly calls: Map<number, string>
}
interface Known {
  readonly callbacks: Callbacks
  readonly mirrors: Mirrors
  readonly quiescence: Quiescence
}

/** An hmm has as many references as there are mirrors and ranges of it. */
export const everyReferenceHasAnOwner = contract({
  id: 'LIF-12',
  binds: 'hmm',
  says: 'while no call and no callback is under way, an hmm has one reference for each registered mirror and range',
  cites: ['000:350-351', '000:998', '000:7516-7519'],
  minimum: { exercised: 1000, witnesses: 4 },
  uses: { callbacks, mirrors, quiescence },
  start: (): References => ({ count: new Map(), of: new Map(), calls: new Map() }),
  on: {
    kref_get: (state, { task, kref }, known) => {
      learn(state, task, kref, known)
      change(state, kref, 1)
    },
    'kref_get_unless_zero.return': (state, { task, kref, result }, known) => {
      learn(state, task, kref, known)
      change(state, kref, result ? 1 : 0)
    },
    kref_put: (state, { task, kref }, known) => {
      learn(state, task, kref, known)
      change(state, kref, -1)
    },
    hmm_mirror_register: ({ calls }, { task, mirror }) => void calls.set(task, mirror),
    'hmm_mirror_register.return': (state, { task }, known, tell) =>
      returned(state, task, known, tell),
    hmm_mirror_unregister: ({ calls }, { task, mirror }) => void calls.set(task, mirror),
    'hmm_mirror_unregister.return': (state, { task }, known, tell) =>
      returned(state, task, known, tell),
    hmm_range_register: ({ calls }, { task, mirror }) => void calls.set(task, mirror),
    'hmm_range_register.return': (state, { task }, known, tell) =>
      returned(state, task, known, tell),
    hmm_range_unregister: ({ calls }, { task, range }, { quiescence }) =>
      void calls.set(task, quiescence.ranges.get(range)?.mirror ?? ''),
    'hmm_range_unregister.return': (state, { task }, known, tell) =>
      returned(state, task, known, tell),
    run_end: (state, _event, known, tell) => judge(state, known, tell),
  },
})

/** Which hmm a kref belongs to shows in the call or in the callback that uses it. */
function learn({ of, calls }: References, task: number, kref: string, known: Known): void {
  if (of.has(kref)) return
  const callback = callbacksOf(known.callbacks, task).at(-1)
  const mirror = known.mirrors.mirrors.get(calls.get(task) ?? '')
  const mn = callback ? callback.on : mirror?.mn
  if (mn !== undefined && known.mirrors.notifiers.get(mn)?.hmm) of.set(kref, mn)
}

function change({ count }: References, kref: string, by: number): void {
  count.set(kref, (count.get(kref) ?? 1) + by)
}

function returned(state: References, task: number, known: Known, tell: Tell): void {
  state.calls.delete(task)
  judge(state, known, tell)
}

function judge({ count, of, calls }: References, known: Known, tell: Tell): void {
  if (calls.size > 0 || [...known.callbacks.byTask.values()].some((stack) => stack.length > 0))
    return
  for (const [kref, mn] of of) {
    const mirrored = [...known.mirrors.mirrors.values()].filter(
      (mirror) => mirror.mn === mn && mirror.registered,
    ).length
    const ranges = [...known.quiescence.ranges.values()].filter(
      (range) => range.mn === mn && range.registered,
    ).length
    const has = count.get(kref) ?? 1
    if (has !== mirrored + ranges)
      tell.object(
        `the hmm of ${mn} has ${has} references for ${mirrored} mirrors and ${ranges} ranges`,
      )
    else tell.exercise(`${mirrored} mirrors, ${ranges > 0 ? 'ranges' : 'no range'}`)
  }
}
