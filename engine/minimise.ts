/**
 * The joint minimiser: operations and context switches shrink together, on what was executed.
 *
 * A smaller case is tried on the recorded schedule, relaxed; where that loses the failure, on a few
 * schedules of its own. Every accepted step lowers the cost, so it ends. The last pass replaces the
 * schedule by the first failing one in order of preemptions: the answer does not depend on the run it
 * started from, and every cheaper schedule has been seen to pass.
 */
import { isEqual, range, sortBy } from 'lodash'
import { operationsOf, remap, without, withOneMoved, type Case, type Operation } from './case'
import { randomWalk, recorded, relaxed, type Choice, type StepKey } from './choice'
import { enumerate } from './enumerate'
import { EngineError } from './errors'
import type { Execution } from './run'

export type { Case, CaseTask } from './case'

export interface Trial {
  readonly execution: Execution
  /** It failed in the way that is being minimised. */
  readonly failed: boolean
}

export interface MinimiseOptions {
  /** Cases that are one step simpler in their world, names or arguments. */
  readonly simpler?: (of: Case) => Iterable<Case>
  /** Orders cases of as many operations, tasks and preemptions: compared from the left. */
  readonly rank?: (of: Case) => readonly number[]
  /** Id of the first task; the others follow in order. */
  readonly firstTask?: number
  /** Re-executions that the search may take. */
  readonly budget?: number
  /** Re-executions that the certificate may take. */
  readonly certifyBudget?: number
}

export interface Minimal {
  readonly case: Case
  readonly choices: readonly number[]
  readonly execution: Execution
  readonly operations: number
  readonly preemptions: number
  /** Re-executions of the search, the certificate's not counted. */
  readonly executions: number
  /** Whether every schedule with fewer preemptions, and every case with one operation less, was seen to pass. */
  readonly certificate: { readonly certified: boolean; readonly schedules: number }
}

const budgetDefault = 60_000
const certifyBudgetDefault = 12_000
const walksPerCase = 40
const enumeratedPerCase = 300
/** Cases of so few operations are searched with one preemption more when that may save an operation. */
const smallCase = 3
const enumeratedPerSmallCase = 4_000

/** Operations up to which dropping one is also tried together with moving another. */
const movedWithDrop = 5
const enumeratedPerMove = 60

/** How hard to look for a failing schedule of a case: the recorded one, a few more, or many. */
type Effort = 'replay' | 'few' | 'some' | 'many'

export function minimise(
  execute: (tried: Case, choice: Choice) => Trial,
  start: Case,
  failing: Execution,
  options: MinimiseOptions = {},
): Minimal {
  return new Minimiser(execute, start, failing, options).run()
}

interface Best {
  readonly case: Case
  readonly execution: Execution
}

class Minimiser {
  private best: Best
  private executions = 0
  private readonly budget: number
  private readonly firstTask: number

  constructor(
    private readonly execute: (tried: Case, choice: Choice) => Trial,
    start: Case,
    failing: Execution,
    private readonly options: MinimiseOptions,
  ) {
    this.best = { case: start, execution: failing }
    this.budget = options.budget ?? budgetDefault
    this.firstTask = options.firstTask ?? 0
  }

  run(): Minimal {
    const { case: start, execution } = this.best
    const again = this.attempt(start, recorded(execution.choices))
    if (!again.failed) throw new EngineError('the run to be minimised does not fail again')
    this.best = { case: start, execution: again.execution }
    this.dropChunks()
    let before: Best
    do {
      before = this.best
      this.simplify()
      this.dropEach(1)
      this.dropEach(2)
      this.moveOperations()
      this.fewerPreemptions()
    } while ((this.best !== before || this.dropAndMove()) && this.executions < this.budget)
    this.canonicalTasks()
    return this.certify()
  }

  // ---- passes ------------------------------------------------------------------------------------------

  /** Drops halves, then quarters, down to single operations. */
  private dropChunks(): void {
    for (let chunk = operationsOf(this.best.case).length; chunk >= 1; chunk = chunk >> 1) {
      for (let at = 0; at < operationsOf(this.best.case).length;) {
        const dropped = operationsOf(this.best.case).slice(at, at + chunk)
        if (!this.tryDrop(dropped, chunk === 1)) at += chunk
      }
    }
  }

  /** Drops every operation, or every pair of operations, that the failure does not need. */
  private dropEach(together: 1 | 2): void {
    for (let first = 0; first < operationsOf(this.best.case).length; first++) {
      const all = operationsOf(this.best.case)
      const others = together === 1 ? [[]] : all.slice(first + 1).map((other) => [other])
      if (others.some((other) => this.tryDrop([all[first]!, ...other], true))) first = -1
    }
  }

  /** Drops an operation that is not needed once another one stands in another task. */
  private dropAndMove(): boolean {
    const { case: whole } = this.best
    if (operationsOf(whole).length > movedWithDrop) return false
    for (const dropped of operationsOf(whole))
      for (const candidate of withOneMoved(without(whole, [dropped])))
        if (this.accept(candidate, [], 'few')) return true
    return false
  }

  /** Empties a task into another one where the failure survives it. */
  private moveOperations(): void {
    for (const from of range(this.best.case.tasks.length))
      for (const to of range(this.best.case.tasks.length)) {
        const { world, tasks } = this.best.case
        const moved = tasks[from]!.ops
        if (from === to || moved.length === 0 || tasks[to]!.ops.length === 0) continue
        const target = tasks[to]!.ops
        const effort = operationsOf(this.best.case).length <= smallCase ? 'many' : 'some'
        for (const behind of [true, false]) {
          const ops = behind ? [...target, ...moved] : [...moved, ...target]
          const merged = tasks
            .with(from, { ...tasks[from]!, ops: [] })
            .with(to, { ...tasks[to]!, ops })
          const shift = { from: behind ? target.length : 0, to: behind ? 0 : moved.length }
          if (this.accept({ world, tasks: merged }, this.keysMoved(from, to, shift), effort)) break
        }
      }
  }

  /** The recorded steps, with those of task `from` taken by task `to`; their operations' indexes shift. */
  private keysMoved(from: number, to: number, shift: { from: number; to: number }): StepKey[] {
    return keysOf(this.best.execution).map((key) => {
      const task = (key.option >> 1) - this.firstTask
      if (task === to) return { ...key, op: key.op + shift.to }
      if (task !== from) return key
      return {
        ...key,
        option: (to + this.firstTask) * 2 + (key.option & 1),
        op: key.op + shift.from,
      }
    })
  }

  private simplify(): void {
    const { simpler } = this.options
    if (!simpler) return
    for (let again = true; again && this.executions < this.budget;) {
      again = false
      for (const candidate of simpler(this.best.case)) {
        const effort = operationsOf(candidate).length <= 2 * smallCase ? 'some' : 'replay'
        if (!this.accept(candidate, keysOf(this.best.execution), effort)) continue
        again = true
        break
      }
    }
  }

  /** Looks for a schedule with fewer preemptions of the same case. */
  private fewerPreemptions(): void {
    const { preemptions } = this.best.execution
    if (preemptions > 0)
      this.search(this.best.case, Math.min(1, preemptions - 1), enumeratedPerCase)
  }

  /** Tasks in the order of what they do, those that do nothing gone. */
  private canonicalTasks(): void {
    const { world, tasks } = this.best.case
    const busy = sortBy(
      tasks.filter(({ ops }) => ops.length > 0),
      ({ ops }) => ops.join('+'),
    )
    const ordered = { world, tasks: busy.map(({ ops }, i) => ({ name: tasks[i]!.name, ops })) }
    if (isEqual(ordered, this.best.case)) return
    const keys = keysOf(this.best.execution).flatMap((key) => {
      const task = (key.option >> 1) - this.firstTask
      const moved = task < 0 ? task : busy.indexOf(tasks[task]!)
      return task >= 0 && moved < 0
        ? []
        : [{ ...key, option: (moved + this.firstTask) * 2 + (key.option & 1) }]
    })
    const trial = this.attempt(ordered, relaxed(keys))
    const found = trial.failed
      ? trial.execution
      : this.find(ordered, this.best.execution.preemptions, this.budget)
    if (found) this.best = { case: ordered, execution: found }
  }

  /** Replaces the schedule by the first failing one, and counts what it took to rule out the others. */
  private certify(): Minimal {
    const searched = this.executions
    const cap = this.options.certifyBudget ?? certifyBudgetDefault
    const { preemptions } = this.best.execution
    const first = this.firstFailing(this.best.case, preemptions, cap)
    if (first.found) this.best = { ...this.best, execution: first.found }
    let schedules = first.executions
    let certified = first.found !== null
    for (const dropped of operationsOf(this.best.case)) {
      if (!certified) break
      const rest = this.firstFailing(
        without(this.best.case, [dropped]),
        this.best.execution.preemptions,
        cap - schedules,
      )
      schedules += rest.executions
      certified = rest.complete && !rest.found
    }
    const { case: found, execution } = this.best
    return {
      case: found,
      choices: trimmed(execution.choices),
      execution,
      operations: operationsOf(found).length,
      preemptions: execution.preemptions,
      executions: searched,
      certificate: { certified, schedules },
    }
  }

  // ---- trying ---------------------------------------------------------------------------------------------

  private tryDrop(dropped: readonly Operation[], search: boolean): boolean {
    const keys = remap(keysOf(this.best.execution), dropped, this.firstTask)
    const rest = without(this.best.case, dropped)
    const effort = operationsOf(rest).length <= smallCase ? 'many' : 'some'
    return this.accept(rest, keys, search ? effort : 'replay')
  }

  /** Takes a case over if it fails more cheaply: as recorded, or on one of a few schedules of its own. */
  private accept(candidate: Case, keys: readonly StepKey[], effort: Effort): boolean {
    if (this.executions >= this.budget) return false
    const trial = this.attempt(candidate, relaxed(keys))
    if (trial.failed && this.take(candidate, trial.execution)) return true
    if (effort === 'replay') return false
    const { preemptions } = this.best.execution
    const found =
      effort === 'many'
        ? this.search(candidate, 2, enumeratedPerSmallCase)
        : this.search(
            candidate,
            Math.min(2, preemptions),
            effort === 'few' ? enumeratedPerMove : enumeratedPerCase,
          )
    if (found) return true
    if (effort === 'few') return false
    for (let walk = 0; walk < walksPerCase && this.executions < this.budget; walk++) {
      const { failed, execution } = this.attempt(candidate, randomWalk(walk))
      if (failed && this.take(candidate, execution)) return true
    }
    return false
  }

  private search(candidate: Case, bound: number, cap: number): boolean {
    const found = this.find(candidate, bound, cap)
    return found !== null && this.take(candidate, found)
  }

  private find(candidate: Case, bound: number, cap: number): Execution | null {
    const { found, executions } = this.firstFailing(
      candidate,
      bound,
      Math.min(cap, this.budget - this.executions),
    )
    this.executions += executions
    return found
  }

  private firstFailing(candidate: Case, bound: number, cap: number) {
    let failed = false
    let found: Execution | null = null
    const attempt = (choice: Choice) => {
      const trial = this.execute(candidate, choice)
      failed = trial.failed
      return trial.execution
    }
    const { executions, complete } = enumerate(attempt, bound, Math.max(0, cap), (execution) => {
      if (failed) found = execution
      return failed
    })
    return { found: found as Execution | null, executions, complete }
  }

  private attempt(candidate: Case, choice: Choice): Trial {
    this.executions++
    return this.execute(candidate, choice)
  }

  private take(candidate: Case, execution: Execution): boolean {
    if (!lower(this.cost({ case: candidate, execution }), this.cost(this.best))) return false
    this.best = { case: candidate, execution }
    return true
  }

  private cost({ case: of, execution }: Best): readonly number[] {
    const busy = of.tasks.filter(({ ops }) => ops.length > 0).length
    return [
      operationsOf(of).length,
      busy,
      ...(this.options.rank?.(of) ?? []),
      execution.preemptions,
    ]
  }
}

function keysOf(execution: Execution): readonly StepKey[] {
  return execution.steps
}

/** Choices without the zeros at the end, which is what follows anyway. */
function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1)
}

function lower(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}
