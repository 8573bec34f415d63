/** What a run is asked for, and what it did. */
import type { StepKey } from './choice'
import type { End, Event, Stall } from './events'

/** What one run did. */
export interface Execution {
  readonly end: End
  /** Tasks that did not get on, whether or not they did in the end. */
  readonly stalls: readonly Stall[]
  readonly events: readonly Event[]
  /** What was picked wherever there was a choice. */
  readonly choices: readonly number[]
  /** How many options there were at each choice, and whether the current task was the first of them. */
  readonly widths: readonly number[]
  readonly couldKeepRunning: readonly boolean[]
  /** Every step taken, in order. */
  readonly steps: readonly Step[]
  readonly tasks: readonly string[]
  /** Switches away from a task that could have gone on. */
  readonly preemptions: number
  /** Whether the fair scheduler had to take over. */
  readonly unfairBound: boolean
  /** Whether the choice gave the run up before its end. */
  readonly abandoned: boolean
}

export interface Step extends StepKey {
  /** What the step was about to do; empty unless labels were asked for. */
  readonly label: string
  /** Index of the choice that led here, or -1 where there was none. */
  readonly choice: number
}

export interface RunOptions {
  /** Steps after which a round-robin scheduler takes over, for as many steps again. */
  maxSteps?: number
  /** Keep the label of every step (costs time). */
  labels?: boolean
  /** Asked now and then: what the run has used up, which ends it, or null. */
  exhausted?: () => string | null
}
