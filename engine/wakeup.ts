/**
 * Wakeup trees: the beginnings of schedules that a state still has to try (Abdulla, Aronis, Jonsson and
 * Sagonas, "Optimal dynamic partial order reduction", POPL 2014).
 */
import { optionTask, type Option } from './choice'
import { conflict, type Footprint } from './footprint'

/** A step, as far as its order against others matters. */
export interface Taken {
  readonly option: Option
  /** Of an earlier run at first; the step's own once it is taken. */
  footprint: Footprint
}

/** A step to try, and what has to follow it; anything may where `children` is empty. */
export interface Branch extends Taken {
  readonly children: Branch[]
}

/** A state on the path that is being explored. */
export interface State {
  readonly enabled: readonly Option[]
  /** Steps that need not be tried here any more. */
  readonly sleep: Map<Option, Footprint>
  readonly tree: Branch[]
  /** The branch that is being explored. */
  branch: Branch
}

/** Whether two steps can not be exchanged. */
export function dependent(one: Taken, other: Taken): boolean {
  return (
    optionTask(one.option) === optionTask(other.option) || conflict(one.footprint, other.footprint)
  )
}

/**
 * What is left of `sequence` behind `step`, if that can come first: because it is in the sequence with nothing
 * before it that it depends on, or because it depends on nothing there. Else null.
 */
export function behind(step: Taken, sequence: readonly Taken[]): readonly Taken[] | null {
  const at = sequence.findIndex(({ option }) => optionTask(option) === optionTask(step.option))
  if (at < 0) return sequence.some((other) => dependent(step, other)) ? null : sequence
  if (sequence[at]!.option !== step.option) return null
  const own = sequence[at]!
  if (sequence.slice(0, at).some((earlier) => dependent(earlier, own))) return null
  return sequence.toSpliced(at, 1)
}

/** Adds a sequence to a tree, unless what the tree holds leads to the same. */
export function insert(tree: Branch[], sequence: readonly Taken[]): void {
  for (const branch of tree) {
    const rest = behind(branch, sequence)
    if (rest === null) continue
    if (branch.children.length > 0) insert(branch.children, rest)
    return
  }
  let children: Branch[] = []
  for (const { option, footprint } of sequence.toReversed())
    children = [{ option, footprint, children }]
  tree.push(...children)
}
