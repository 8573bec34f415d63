/** What all benchmarks measured, as `docs/performance.json` keeps it. */
import type { Determinism } from '../determinism'
import type { ExhaustiveFigures } from '../exhaustive'
import type { LogSpeeds } from '../log-speed'
import type { ReferenceSpeed } from '../reference-speed'
import type { SeamFigures } from '../seam'
import type { Shrinking } from '../shrinking'
import type { StepCosts } from '../step-cost'
import type { Throughput } from '../models/throughput-result'
import type { TimesToBug } from '../time-to-bug'

/** Grows when the file's shape changes. */
export const schema = 1

/** What each benchmark says with `--json`. */
export interface Figures {
  throughput: Throughput
  'step-cost': StepCosts
  seam: SeamFigures
  reference: ReferenceSpeed
  exhaustive: ExhaustiveFigures
  'time-to-bug': TimesToBug
  shrinking: Shrinking
  determinism: Determinism
  'log-speed': LogSpeeds
}

export type BenchName = keyof Figures

export type Size = 'full' | 'quick'

export interface Machine {
  /** Of Node. */
  readonly node: string
  readonly cpus: { readonly count: number; readonly model: string }
}

/** One benchmark, measured. */
export interface Taken<F> {
  readonly size: Size
  readonly arguments: readonly string[]
  readonly date: string
  /** Load averages of one, five and fifteen minutes before it began. */
  readonly load: readonly number[]
  readonly seconds: number
  readonly figures: F
}

export interface Performance extends Machine {
  readonly schema: typeof schema
  readonly benches: { readonly [Name in BenchName]?: Taken<Figures[Name]> }
}
