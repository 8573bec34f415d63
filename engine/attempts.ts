/** Re-executions of cases, counted against a budget. */
import type { Case } from './case'
import type { Choice } from './choice'
import { enumerate } from './enumerate'
import type { Execution } from './run'

export interface Trial {
  readonly execution: Execution
  /** It failed in the way that is being minimised. */
  readonly failed: boolean
}

export type Execute = (tried: Case, choice: Choice) => Trial

/** What the schedules of a case were found to do. */
export interface Exhausted {
  /** The first that fails, by preemptions. */
  readonly found: Execution | null
  /** Whether all within the bound were seen to pass. */
  readonly complete: boolean
  /** Schedules that were executed to see it. */
  readonly executions: number
}

export class Attempts {
  executions = 0
  /** Cases whose schedules were searched, by the bound and the cap, with what that showed. */
  private readonly known = new Map<string, Exhausted>()

  constructor(
    private readonly execute: Execute,
    private readonly budget: number,
  ) {}

  get spent(): boolean {
    return this.executions >= this.budget
  }

  once(tried: Case, choice: Choice): Trial {
    this.executions++
    return this.execute(tried, choice)
  }

  /** The first failing schedule with at most `bound` preemptions among the first `cap`. */
  firstFailing(tried: Case, bound: number, cap = Infinity): Exhausted {
    const key = `${bound} ${cap} ${JSON.stringify(tried)}`
    const seen = this.known.get(key)
    if (seen) return seen
    let failed = false
    let found: Execution | null = null
    const attempt = (choice: Choice) => {
      const trial = this.once(tried, choice)
      failed = trial.failed
      return trial.execution
    }
    const left = Math.max(0, Math.min(cap, this.budget - this.executions))
    const { complete, executions } = enumerate(attempt, bound, left, (execution) => {
      if (failed) found = execution
      return failed
    })
    const exhausted = { found, complete, executions }
    if (found === null) this.known.set(key, exhausted)
    return exhausted
  }
}
