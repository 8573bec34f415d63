/** One thing that is demanded of one benchmark. */
import type { BenchName, Figures, Performance } from './performance'

export interface Measured {
  readonly text: string
  readonly met: boolean
}

export interface Demand {
  readonly id: string
  readonly bench: BenchName
  readonly what: string
  readonly demanded: string
  /** Null where there is no figure. */
  readonly measured: (performance: Performance) => Measured | null
}

type Reading<Name extends BenchName> = Pick<Demand, 'id' | 'what' | 'demanded'> & {
  readonly measure: (figures: Figures[Name]) => Measured | null
}

/** What `measure` reads off the figures of one benchmark. */
export function judge<Name extends BenchName>(
  bench: Name,
  { measure, ...said }: Reading<Name>,
): Demand {
  return {
    ...said,
    bench,
    measured: ({ benches }) => {
      const taken = benches[bench]
      return taken ? measure(taken.figures as Figures[Name]) : null
    },
  }
}
