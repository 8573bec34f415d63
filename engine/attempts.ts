/** Re-executions of cases, counted against a budget. */
import { sum } from 'lodash'
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

/** How far the schedules of a case were searched, those with fewer preemptions first. */
interface Searched {
  readonly found: Execution | null
  readonly executions: number
  /** Executions by preemptions; all but the last count are of all schedules. */
  readonly byPreemptions: readonly number[]
  /** Preemptions up to which all schedules were seen to pass. */
  readonly passed: number
}

export class Attempts {
  executions = 0
  private readonly known = new Map<string, Searched>()

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
    const key = JSON.stringify(tried)
    const before = this.known.get(key)
    const answer = before && answerFrom(before, bound, cap)
    if (answer) return answer
    const searched = before && this.spent ? before : this.search(tried, bound, cap)
    this.known.set(key, searched)
    return answerFrom(searched, bound, searched.executions)!
  }

  private search(tried: Case, bound: number, cap: number): Searched {
    let failed = false
    let found: Execution | null = null
    const attempt = (choice: Choice) => {
      const trial = this.once(tried, choice)
      failed = trial.failed
      return trial.execution
    }
    const left = Math.max(0, Math.min(cap, this.budget - this.executions))
    const { complete, executions, byPreemptions } = enumerate(attempt, bound, left, (execution) => {
      if (failed) found = execution
      return failed
    })
    const passed = complete ? bound : byPreemptions.length - 2
    return { found, executions, byPreemptions, passed }
  }
}

/** What a search says of a narrower one; undefined if that would look further. */
function answerFrom(
  { found, executions, byPreemptions, passed }: Searched,
  bound: number,
  cap: number,
): Exhausted | undefined {
  if (passed >= bound)
    return { found: null, complete: true, executions: sum(byPreemptions.slice(0, bound + 1)) }
  return found || executions >= cap ? { found, complete: false, executions } : undefined
}
