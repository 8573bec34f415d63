/**
 * Every trace class of a program, once: dynamic partial order reduction with sleep sets and wakeup trees.
 *
 * Two schedules are of one class if they differ only in the order of steps that do not touch the same state.
 * After each execution its races are found: pairs of steps of different tasks that conflict and could
 * have come the other way round. The other order is put into the wakeup tree of the state before the first
 * of the two, unless an explored branch covers it. Source: Abdulla, Aronis, Jonsson and Sagonas, "Optimal
 * dynamic partial order reduction", POPL 2014. A step that waits is reversed against the step that made it
 * wait, not against the one that woke it.
 */
import { isTimeout, optionTask, type Choice, type Option } from './choice'
import { recording, Touch, type Footprint } from './footprint'
import { happensBefore, racesOf } from './races'
import type { Execution } from './run'
import { behind, insert, type Branch, type State, type Taken } from './wakeup'

export interface Exploration {
  /** Trace classes that were visited: executions that ran to their end. */
  readonly classes: number
  /** Executions, those that were given up because every way on is covered elsewhere counted too. */
  readonly executions: number
  /** Whether every class was visited. */
  readonly complete: boolean
}

/** Visits one schedule of every class until `visit` returns true or `cap` executions were made. */
export function explore(
  execute: (choice: Choice) => Execution,
  cap: number,
  visit: (execution: Execution) => boolean | void,
): Exploration {
  const path: State[] = []
  let classes = 0
  let executions = 0
  /** States of the path that the next execution repeats. */
  let kept = 0
  do {
    if (executions === cap) return { classes, executions, complete: false }
    const footprints: Footprint[] = []
    const follow = new Follow(path, kept, footprints)
    const execution = recording(footprints, () => execute(follow))
    executions++
    follow.finish(null)
    if (!execution.abandoned) {
      classes++
      if (visit(execution)) return { classes, executions, complete: false }
    }
    // A run that was given up has raced, too: what follows was seen elsewhere, what came before was not.
    addReversals(path, kept)
    kept = nextBranch(path)
  } while (kept > 0)
  return { classes, executions, complete: true }
}

/** Repeats the kept part of a path, then extends it. */
class Follow implements Choice {
  readonly always = true
  private depth = 0
  /** How many steps each task has taken. */
  private readonly taken: number[] = []

  constructor(
    private readonly path: State[],
    private readonly kept: number,
    private readonly footprints: readonly Footprint[],
  ) {
    path.length = kept
  }

  pick(options: readonly Option[], count: number): number {
    const enabled = options.slice(0, count)
    this.finish(enabled)
    if (this.depth >= this.kept) {
      const state = this.extend(enabled)
      if (!state) return -1
      this.path.push(state)
    }
    return enabled.indexOf(this.path[this.depth++]!.branch.option)
  }

  /** The step that was taken last has touched all that it will, also whom it stopped or let go on. */
  finish(now: readonly Option[] | null): void {
    const last = this.path[this.depth - 1]
    if (!last) return
    const footprint = this.footprints[this.depth - 1] ?? new Map<string, number>()
    const mover = optionTask(last.branch.option)
    footprint.set(this.waitOf(mover), Touch.awaited)
    this.taken[mover] = (this.taken[mover] ?? 0) + 1
    for (const option of now ?? [])
      if (isStep(option, mover) && !last.enabled.includes(option))
        footprint.set(this.waitOf(optionTask(option)), Touch.written | Touch.released)
    for (const option of now ? last.enabled : [])
      if (isStep(option, mover) && !now!.includes(option))
        footprint.set(this.waitOf(optionTask(option)), Touch.written)
    last.branch.footprint = footprint
  }

  /** The key of whether a task can take its next step. */
  private waitOf(task: number): string {
    return `step ${this.taken[task] ?? 0} of task ${task}`
  }

  private extend(enabled: readonly Option[]): State | null {
    const before = this.path[this.depth - 1]
    const sleep = new Map<Option, Footprint>()
    let tree: readonly Branch[] = []
    if (before) {
      for (const [option, footprint] of before.sleep)
        if (behind({ option, footprint }, [before.branch]) !== null) sleep.set(option, footprint)
      tree = before.branch.children
    }
    if (tree.length > 0) {
      const possible = tree.flatMap((branch) => this.possible(branch, enabled, sleep))
      // What was to follow has to wait here, all of it: there is no such schedule.
      return possible.length > 0 ? { enabled, sleep, tree: possible, branch: possible[0]! } : null
    }
    const option = enabled.find((candidate) => !sleep.has(candidate))
    if (option === undefined) return null
    const branch: Branch = { option, footprint: new Map(), children: [] }
    return { enabled, sleep, tree: [branch], branch }
  }

  /** A branch as it can be taken; where its task has to wait, the timeout of that wait. */
  private possible(
    branch: Branch,
    enabled: readonly Option[],
    sleep: ReadonlyMap<Option, Footprint>,
  ): Branch[] {
    if (enabled.includes(branch.option)) return [branch]
    const option = branch.option ^ 1
    if (!enabled.includes(option) || sleep.has(option)) return []
    return [{ option, footprint: new Map(), children: [] }]
  }
}

/** Whether an option is a step, not a timeout, of somebody else. */
function isStep(option: Option, mover: number): boolean {
  return !isTimeout(option) && optionTask(option) !== mover
}

/** For every race that ends in a step from `from` on, the other order. */
function addReversals(path: readonly State[], from: number): void {
  const steps: Taken[] = path.map(({ branch }) => branch)
  const clocks = happensBefore(steps)
  for (const { first, second, option } of racesOf(path, steps, clocks, Math.max(0, from - 1))) {
    const between = steps.filter(
      (_, at) => at > first && at < second && !clocks.isBefore(first, at),
    )
    const sequence = [...between, { option, footprint: steps[second]!.footprint }]
    const { sleep, tree } = path[first]!
    const covered = [...sleep].some(
      ([asleep, footprint]) => behind({ option: asleep, footprint }, sequence) !== null,
    )
    if (!covered) insert(tree, sequence)
  }
}

/** Puts what was explored to sleep; returns how much of the path the next execution repeats, 0 for none. */
function nextBranch(path: State[]): number {
  while (path.length > 0) {
    const state = path[path.length - 1]!
    state.sleep.set(state.branch.option, state.branch.footprint)
    state.tree.splice(state.tree.indexOf(state.branch), 1)
    const next = state.tree.find(
      ({ option }) => !state.sleep.has(option) && state.enabled.includes(option),
    )
    if (next) {
      state.branch = next
      return path.length
    }
    path.pop()
  }
  return 0
}
