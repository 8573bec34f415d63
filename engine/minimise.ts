/**
 * The joint minimiser: operations and context switches shrink together, on what was executed.
 *
 * A smaller case is tried on the recorded schedule, relaxed; where that loses the failure, on a few
 * schedules of its own. Every accepted step lowers the cost, so it ends. Then all that is smaller by one
 * step is exhausted: either something cheaper turns up and is minimised in turn, or the result is certified,
 * and does not depend on the run it started from.
 */
import { isEqual, range } from 'lodash'
import { Attempts, type Execute } from './attempts'
import { blocksOf, mergedWithin, stepMoved } from './blocks'
import {
  aligned,
  busyInOrder,
  normal,
  operationsOf,
  remap,
  without,
  type Case,
  type Operation,
} from './case'
import { Certifier, type Certificate } from './certify'
import { optionTask, recorded, relaxed, trimmed, type Choice, type StepKey } from './choice'
import { costOf, isLower, type Best, type Simplicity } from './cost'
import { EngineError } from './errors'
import type { Execution } from './run'
import { stickyWalk } from './strategies/sticky'

export type { Trial } from './attempts'
export type { Case, CaseTask } from './case'

export interface MinimiseOptions extends Simplicity {
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
  readonly certificate: {
    readonly certified: boolean
    /** Schedules that this rests on. */
    readonly schedules: number
    /** Re-executions that it took, those of whatever better was found on the way counted. */
    readonly executions: number
  }
}

const budgetDefault = 20_000
const certifyBudgetDefault = 40_000
/** Schedules that a case with an operation less is searched for, once the recorded one does not fail. */
const walksWithout = 10
/** The same where the case is simpler in its world, too, of which there are many. */
const walksSimpler = 5
/** From so many operations on, each is also dropped from schedules beside the recorded one. */
const operationsMany = 3

export function minimise(
  execute: Execute,
  start: Case,
  failing: Execution,
  options: MinimiseOptions = {},
): Minimal {
  return new Minimiser(execute, { case: start, execution: failing }, options).run()
}

class Minimiser {
  private readonly search: Attempts
  private readonly proof: Attempts
  private readonly aside: Attempts
  private readonly firstTask: number
  /** Cases and schedules that were tried. */
  private readonly tried = new Set<string>()

  constructor(
    execute: Execute,
    private best: Best,
    private readonly options: MinimiseOptions,
  ) {
    this.search = new Attempts(execute, options.budget ?? budgetDefault)
    const certifyBudget = options.certifyBudget ?? certifyBudgetDefault
    this.proof = new Attempts(execute, certifyBudget)
    this.aside = new Attempts(execute, certifyBudget / 2)
    this.firstTask = options.firstTask ?? 0
  }

  run(): Minimal {
    const { case: start, execution } = this.best
    const again = this.search.once(start, recorded(execution.choices))
    if (!again.failed) throw new EngineError('the run to be minimised does not fail again')
    this.best = { case: start, execution: again.execution }
    this.dropChunks()
    const certifier = new Certifier(this.proof, this.aside, this.options)
    for (;;) {
      this.shrink()
      if (this.search.spent) return this.result({ certified: false, schedules: 0 })
      const { best, better, ...certificate } = certifier.certify(this.best)
      this.best = better ?? best
      if (!better) return this.result(certificate)
    }
  }

  private result(certificate: Omit<Certificate, 'best' | 'better'>): Minimal {
    const { case: found, execution } = this.best
    return {
      case: found,
      choices: trimmed(execution.choices),
      execution,
      operations: operationsOf(found).length,
      preemptions: execution.preemptions,
      executions: this.search.executions,
      certificate: { ...certificate, executions: this.proof.executions + this.aside.executions },
    }
  }

  // ---- passes ------------------------------------------------------------------------------------------

  /** All passes, until none of them finds anything. */
  private shrink(): void {
    let before: Best
    do {
      before = this.best
      this.mergeBlocks()
      this.dropEach(1, walksWithout)
      this.dropEach(2, 0)
      this.mergeTasks()
      this.simplify()
      if (this.best === before) this.dropBeside()
    } while (this.best !== before && !this.search.spent)
    this.orderTasks()
  }

  /** Drops halves, then quarters, down to single operations, on the recorded schedule alone. */
  private dropChunks(): void {
    for (let chunk = operationsOf(this.best.case).length; chunk >= 1; chunk = chunk >> 1) {
      for (let at = 0; at < operationsOf(this.best.case).length;) {
        const dropped = operationsOf(this.best.case).slice(at, at + chunk)
        if (!this.acceptWithout(dropped, 0)) at += chunk
      }
      this.mergeBlocks()
    }
  }

  /** Drops every operation, or every pair of operations, that the failure does not need. */
  private dropEach(together: 1 | 2, walks: number): void {
    for (let first = 0; first < operationsOf(this.best.case).length; first++) {
      const all = operationsOf(this.best.case)
      const others = together === 1 ? [[]] : all.slice(first + 1).map((other) => [other])
      if (others.some((other) => this.acceptWithout([all[first]!, ...other], walks))) first = -1
    }
  }

  /** Drops an operation where the failure survives it one step away from the recorded schedule. */
  private dropBeside(): void {
    const { case: of, execution } = this.best
    const all = operationsOf(of)
    if (all.length < operationsMany) return
    for (const dropped of all) {
      const candidate = without(of, [dropped])
      const keys = remap(execution.steps, [dropped], this.firstTask)
      if (this.search.spent) return
      const { steps } = this.search.once(candidate, relaxed(keys)).execution
      for (const moved of stepMoved(steps)) if (this.accept(candidate, moved, 0)) return
    }
  }

  /** Runs each task in one go, within all of the schedule, then within ever smaller parts of it. */
  private mergeBlocks(): void {
    let blocks = blocksOf(this.best.execution.steps)
    for (let size = blocks.length; size >= 3; size = Math.min(size - 1, (size + 2) >> 1))
      for (let from = 0; from + 3 <= blocks.length;) {
        const merged = mergedWithin(blocks, from, size)
        if (merged.some((keys) => this.accept(this.best.case, keys, 0)))
          blocks = blocksOf(this.best.execution.steps)
        else from += Math.max(1, size >> 1)
      }
  }

  /** Empties a task into another one where the failure survives it. */
  private mergeTasks(): void {
    for (const from of range(this.best.case.tasks.length))
      for (const to of range(this.best.case.tasks.length)) {
        const { world, tasks } = this.best.case
        const [moved, target] = [tasks[from]!.ops, tasks[to]!.ops]
        if (from === to || moved.length === 0 || target.length === 0) continue
        for (const behind of [true, false]) {
          const ops = behind ? [...target, ...moved] : [...moved, ...target]
          const merged = tasks
            .with(from, { ...tasks[from]!, ops: [] })
            .with(to, { ...tasks[to]!, ops })
          const shift = { from: behind ? target.length : 0, to: behind ? 0 : moved.length }
          if (this.accept({ world, tasks: merged }, this.keysMoved(from, to, shift), 0)) break
        }
      }
  }

  /** The recorded steps, with those of task `from` taken by task `to`; their operations' indexes shift. */
  private keysMoved(from: number, to: number, shift: { from: number; to: number }): StepKey[] {
    return this.best.execution.steps.map((key) => {
      const task = optionTask(key.option) - this.firstTask
      if (task === to) return { ...key, op: key.op + shift.to }
      if (task !== from) return key
      return { ...this.keyOf(key, to), op: key.op + shift.from }
    })
  }

  private simplify(): void {
    for (let again = true; again && !this.search.spent;) {
      again = false
      for (const candidate of this.options.simpler?.(this.best.case) ?? []) {
        const { case: of, execution } = this.best
        const fewer = operationsOf(candidate).length < operationsOf(of).length
        const keys = aligned(execution.steps, of, candidate, this.firstTask)
        if (!this.accept(candidate, keys, fewer ? walksSimpler : 0)) continue
        again = true
        break
      }
    }
  }

  /** Tasks in the order of what they do, those that do nothing gone. */
  private orderTasks(): void {
    const { case: of, execution } = this.best
    const ordered = normal(of)
    if (isEqual(ordered, of)) return
    const order = busyInOrder(of)
    const keys = execution.steps.flatMap((key) => {
      const task = optionTask(key.option) - this.firstTask
      if (task < 0) return [key]
      const moved = order.indexOf(of.tasks[task]!)
      return moved < 0 ? [] : [this.keyOf(key, moved)]
    })
    const again = this.search.once(ordered, relaxed(keys))
    if (again.failed) this.best = { case: ordered, execution: again.execution }
  }

  private keyOf(key: StepKey, task: number): StepKey {
    return { ...key, option: (task + this.firstTask) * 2 + (key.option & 1) }
  }

  // ---- trying ---------------------------------------------------------------------------------------------

  private acceptWithout(dropped: readonly Operation[], walks: number): boolean {
    const keys = remap(this.best.execution.steps, dropped, this.firstTask)
    return this.accept(without(this.best.case, dropped), keys, walks)
  }

  /** Takes a case over if it fails more cheaply: as recorded, or on one of a few schedules of its own. */
  private accept(candidate: Case, keys: readonly StepKey[], walks: number): boolean {
    const text = JSON.stringify(candidate)
    const steps = keys.map(({ option, op }) => `${option}.${op}`)
    if (this.search.spent) return false
    if (this.isNew(`${text} ${steps}`) && this.try(candidate, relaxed(keys))) return true
    const busy = candidate.tasks.filter(({ ops }) => ops.length > 0).length
    if (walks === 0 || busy === 1 || !this.isNew(`${text} ${walks}`)) return false
    return range(walks).some((walk) => this.try(candidate, stickyWalk(walk)))
  }

  /** A try is the same each time, and what was refused once costs too much for ever: it is made once. */
  private isNew(text: string): boolean {
    if (this.tried.has(text)) return false
    this.tried.add(text)
    return true
  }

  private try(candidate: Case, choice: Choice): boolean {
    if (this.search.spent) return false
    const { failed, execution } = this.search.once(candidate, choice)
    return failed && this.take(candidate, execution)
  }

  private take(candidate: Case, execution: Execution): boolean {
    const next = { case: candidate, execution }
    const { rank } = this.options
    if (!isLower(costOf(next, rank), costOf(this.best, rank))) return false
    this.best = next
    return true
  }
}
