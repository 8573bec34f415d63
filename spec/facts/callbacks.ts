/** Which notifier and mirror callbacks each task is inside of, innermost last. */
import { fact } from '../contract'

export interface Callback {
  readonly op:
    | 'start'
    | 'end'
    | 'release'
    | 'invalidate_range'
    | 'change_pte'
    | 'young'
    | 'sync'
    | 'mirror release'
  /** The notifier or the mirror it was called on. */
  readonly on: string
  /** The pass it belongs to, or empty. */
  readonly pass: string
  readonly blockable: boolean
}

export interface Callbacks {
  readonly byTask: Map<number, Callback[]>
}

export const callbacks = fact({
  name: 'callbacks',
  start: (): Callbacks => ({ byTask: new Map() }),
  on: {
    invalidate_range_start: (state, { task, mn, pass, blockable }) =>
      enter(state, task, { op: 'start', on: mn, pass, blockable }),
    'invalidate_range_start.return': (state, { task }) => leave(state, task),
    invalidate_range_end: (state, { task, mn, pass, blockable }) =>
      enter(state, task, { op: 'end', on: mn, pass, blockable }),
    'invalidate_range_end.return': (state, { task }) => leave(state, task),
    'mmu_notifier_ops.release': (state, { task, mn }) =>
      enter(state, task, { op: 'release', on: mn, pass: '', blockable: true }),
    'mmu_notifier_ops.release.return': (state, { task }) => leave(state, task),
    invalidate_range: (state, { task, mn }) =>
      enter(state, task, { op: 'invalidate_range', on: mn, pass: '', blockable: false }),
    'invalidate_range.return': (state, { task }) => leave(state, task),
    change_pte: (state, { task, mn }) =>
      enter(state, task, { op: 'change_pte', on: mn, pass: '', blockable: false }),
    'change_pte.return': (state, { task }) => leave(state, task),
    clear_flush_young: enterYoung,
    'clear_flush_young.return': (state, { task }) => leave(state, task),
    clear_young: enterYoung,
    'clear_young.return': (state, { task }) => leave(state, task),
    test_young: enterYoung,
    'test_young.return': (state, { task }) => leave(state, task),
    sync_cpu_device_pagetables: (state, { task, mirror, blockable }) => {
      const pass = callbacksOf(state, task).at(-1)?.pass ?? ''
      enter(state, task, { op: 'sync', on: mirror, pass, blockable })
    },
    'sync_cpu_device_pagetables.return': (state, { task }) => leave(state, task),
    'hmm_mirror_ops.release': (state, { task, mirror }) =>
      enter(state, task, { op: 'mirror release', on: mirror, pass: '', blockable: true }),
    'hmm_mirror_ops.release.return': (state, { task }) => leave(state, task),
  },
})

/** The callbacks a task is inside of, outermost first. */
export function callbacksOf(state: Callbacks, task: number): readonly Callback[] {
  return state.byTask.get(task) ?? []
}

/** The innermost range_start that a task is inside of, or undefined: what a sync is called from. */
export function startOf(state: Callbacks, task: number): Callback | undefined {
  return callbacksOf(state, task).findLast(({ op }) => op === 'start')
}

/** The innermost invalidation callback of a pass that must not block, or undefined. */
export function nonBlockable(state: Callbacks, task: number): Callback | undefined {
  return callbacksOf(state, task).findLast(
    ({ op, blockable }) => !blockable && (op === 'start' || op === 'sync'),
  )
}

function enterYoung(state: Callbacks, { task, mn }: { task: number; mn: string }): void {
  enter(state, task, { op: 'young', on: mn, pass: '', blockable: false })
}

function enter(state: Callbacks, task: number, callback: Callback): void {
  const stack = state.byTask.get(task)
  if (stack) stack.push(callback)
  else state.byTask.set(task, [callback])
}

function leave(state: Callbacks, task: number): void {
  state.byTask.get(task)?.pop()
}
