/** How the schedules of one workload are drawn. */
import type { Choice } from '../choice'
import type { Execution } from '../run'

/** Draws schedules of one workload, run after run; what it learns from one serves the next. */
export interface Strategy {
  readonly name: string
  /** A source of choices for the next run; the same seed after the same runs draws the same schedule. */
  begin(seed: number): Choice
  /** Told what a run of this workload did, whoever drew its schedule. */
  learn?(execution: Execution): void
}
