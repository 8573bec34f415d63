import { contract, type Tell } from '../contract'

/** By task: the references that each callback it is in has taken and not dropped, innermost last. */
type Balances = Map<number, number[]>

/** A callback leaves no reference behind, whichever way it is left. */
export const callbackReferencesEnd = contract({
  id: 'LIF-27',
  binds: 'hmm',
  says: 'a reference taken in a notifier callback is dropped in that callback on every path',
  cites: ['000:3122-3129'],
  minimum: { exercised: 1000, witnesses: 4 },
  start: (): Balances => new Map(),
  on: {
    invalidate_range_start: (balances, { task }) => enter(balances, task),
    'invalidate_range_start.return': (balances, { task, mn, result }, _known, tell) =>
      leave(balances, task, result === 0 ? 'start' : 'start that refused', mn, tell),
    invalidate_range_end: (balances, { task }) => enter(balances, task),
    'invalidate_range_end.return': (balances, { task, mn }, _known, tell) =>
      leave(balances, task, 'end', mn, tell),
    'mmu_notifier_ops.release': (balances, { task }) => enter(balances, task),
    'mmu_notifier_ops.release.return': (balances, { task, mn }, _known, tell) =>
      leave(balances, task, 'release', mn, tell),
    kref_get: (balances, { task }) => change(balances, task, 1),
    'kref_get_unless_zero.return': (balances, { task, result }) => {
      if (result) change(balances, task, 1)
    },
    kref_put: (balances, { task }) => change(balances, task, -1),
  },
})

function enter(balances: Balances, task: number): void {
  balances.set(task, [...(balances.get(task) ?? []), 0])
}

function change(balances: Balances, task: number, by: number): void {
  const stack = balances.get(task)
  if (stack && stack.length > 0) stack.push(stack.pop()! + by)
}

function leave(balances: Balances, task: number, what: string, mn: string, tell: Tell): void {
  const left = balances.get(task)?.pop()
  if (left === undefined) return
  if (left === 0) tell.exercise(what)
  else tell.object(`the ${what} callback of ${mn} leaves ${left} references behind`)
}
