/** Races of an execution: pairs of steps that conflict and that another schedule could exchange. */
import { optionTask, type Option } from './choice'
import { conflict, reversible, Touch } from './footprint'
import type { State, Taken } from './wakeup'

/** Which steps had to come before which. */
export class Clocks {
  /** By step and task: the last step of that task that comes before, itself included, or -1. */
  private readonly clocks: number[][] = []

  constructor(private readonly tasks: readonly number[]) {}

  add(clock: number[]): void {
    this.clocks.push(clock)
  }

  at(step: number): readonly number[] {
    return this.clocks[step]!
  }

  isBefore(first: number, second: number): boolean {
    return first !== second && (this.clocks[second]![this.tasks[first]!] ?? -1) >= first
  }
}

/** Happens-before: program order, and the order of conflicting steps. */
export function happensBefore(steps: readonly Taken[]): Clocks {
  const tasks = steps.map(({ option }) => optionTask(option))
  const clocks = new Clocks(tasks)
  const lastOf: number[] = []
  const writers = new Map<string, number>()
  const readers = new Map<string, number[]>()
  steps.forEach(({ footprint }, at) => {
    const task = tasks[at]!
    const clock: number[] = []
    const after = (earlier: number | undefined) => {
      if (earlier === undefined) return
      clocks.at(earlier).forEach((step, of) => (clock[of] = Math.max(clock[of] ?? -1, step)))
    }
    after(lastOf[task])
    for (const [key, how] of footprint) {
      const written = (how & Touch.written) !== 0
      after(writers.get(key))
      if (written) readers.get(key)?.forEach(after)
    }
    clock[task] = at
    clocks.add(clock)
    lastOf[task] = at
    for (const [key, how] of footprint) {
      if ((how & Touch.written) !== 0) {
        writers.set(key, at)
        readers.delete(key)
      } else if (readers.has(key)) readers.get(key)!.push(at)
      else readers.set(key, [at])
    }
  })
  return clocks
}

export interface Race {
  readonly first: number
  readonly second: number
  /** What the second step's task can do instead of the first step. */
  readonly option: Option
  /** Whether it surely could: a task that stood elsewhere then might have had to wait. */
  readonly sure: boolean
}

/** The races whose second step is `from` or later. */
export function racesOf(
  path: readonly State[],
  steps: readonly Taken[],
  clocks: Clocks,
  from: number,
): Race[] {
  const races: Race[] = []
  const lastOf: number[] = []
  steps.forEach(({ option, footprint }, second) => {
    const task = optionTask(option)
    const previous = lastOf[task] ?? -1
    lastOf[task] = second
    if (second < from) return
    const found: Race[] = []
    for (let first = second - 1; first >= 0; first--) {
      const earlier = steps[first]!
      if (optionTask(earlier.option) === task) continue
      if (previous >= 0 && clocks.isBefore(first, previous)) continue
      // Where it stood at the same step already, the state tells whether it could have taken it.
      const knows = previous < first
      if (!(knows ? conflict : reversible)(earlier.footprint, footprint)) continue
      // A later race that this step comes before has to be reversed first, if it surely can be.
      if (found.some((race) => race.sure && clocks.isBefore(first, race.first))) continue
      const instead = insteadOf(path[first]!, task, knows ? null : option)
      const waits = [...footprint.values()].some((how) => (how & Touch.awaited) !== 0)
      if (instead !== null) found.push({ first, second, option: instead, sure: knows || !waits })
    }
    races.push(...found)
  })
  return races
}

/** The option of a task in a state, or `later` if it stood elsewhere then; null while it had to wait. */
function insteadOf(state: State, task: number, later: Option | null): Option | null {
  if (later !== null) return later
  return state.enabled.find((option) => optionTask(option) === task) ?? null
}
