/** What `bench/throughput.ts` measures. */
import type { Parity } from './parity'
import type { Defect } from './range'
import type { Rate } from './rounds'
import type { SpinResult } from './spin'

export interface Row extends Omit<Rate, 'rounds'> {
  /** The engine's schedules per second over this row's: median of the rounds' ratios. */
  readonly engineOver: number
}

export interface SizeThroughput {
  readonly size: string
  /** The engine first. */
  readonly rows: readonly Row[]
}

export interface Exhausted {
  readonly size: string
  readonly schedules: number
  readonly complete: boolean
  /** Steps of the longest schedule. */
  readonly longest: number
  readonly milliseconds: number
}

export interface Explored {
  readonly size: string
  readonly defect: Defect
  /** Trace classes that were visited: all, or those until the defect showed. */
  readonly classes: number
  readonly executions: number
  readonly found: boolean
  readonly milliseconds: number
}

export interface Finder {
  readonly meanSchedules: number
  /** Of the mean: how far it is likely to be off for having so few seeds. */
  readonly standardError: number
  /** Seeds that found nothing; they count as the cap. */
  readonly missed: number
}

export interface ToBug {
  readonly size: string
  readonly defect: Defect
  readonly walk: Finder
  readonly portfolio: Finder
  readonly scheduler: Finder
}

export interface Spin {
  readonly version: string
  readonly small: SpinResult
  /** The small model with the defect planted that asks for `valid` only. */
  readonly smallWithDefect: SpinResult
  readonly medium: SpinResult
}

export interface Throughput {
  readonly rounds: number
  readonly seeds: number
  readonly parity: readonly Parity[]
  readonly throughput: readonly SizeThroughput[]
  readonly exhausted: readonly Exhausted[]
  readonly explored: readonly Explored[]
  readonly spin: Spin | null
  readonly toBug: readonly ToBug[]
}
