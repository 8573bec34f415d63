/** How the schedules of one workload are drawn. */
import type { Choice, Option, Position } from '../choice'
import type { Execution } from '../run'

/** Draws schedules of one workload, run after run; what it learns from one serves the next. */
export interface Strategy {
  readonly name: string
  /** A source of choices for the next run; the same seed after the same runs draws the same schedule. */
  begin(seed: number): Choice
  /** Told of every step of every run of this workload, whoever draws its schedule. */
  watch?(option: Option, position: Position): void
  /** Told what a run of this workload did, whoever drew its schedule. */
  learn?(execution: Execution): void
}

/** A source of choices whose runs a strategy watches. */
export function watched({ watch }: Strategy, choice: Choice): Choice {
  if (!watch) return choice
  return {
    ...choice,
    took(option, position) {
      watch(option, position)
      choice.took?.(option, position)
    },
  }
}
