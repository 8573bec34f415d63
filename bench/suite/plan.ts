/**
 * Which benchmarks there are and in what sizes. A full run is made to take well under an hour on a quiet
 * machine of two cores, a quick one some minutes: its samples are smaller, what it measures is the same.
 */
import type { BenchName, Size } from './performance'

export interface Bench {
  readonly name: BenchName
  readonly title: string
  /** What is measured, for who does not know. */
  readonly says: string
  /** Its arguments, by size. */
  readonly sizes: Readonly<Record<Size, readonly string[]>>
}

const words = (text: string) => text.split(' ')

export const benches: readonly Bench[] = [
  {
    name: 'throughput',
    title: 'Throughput and peers',
    says: "Complete schedules of one small model of an HMM range, run by the engine, by the engine with choices that fast-check draws, and by fast-check's own scheduler, in rounds that alternate. Before that, each program takes the schedules of the other step by step, so that both are known to be the same model. SPIN searches it, too.",
    sizes: {
      full: words('--rounds 21 --seeds 100'),
      quick: words('--rounds 5 --seeds 10'),
    },
  },
  {
    name: 'step-cost',
    title: 'The cost of a step',
    says: 'Processor time of one step at the bottom of so many calls, the judging of its run included, over that of resuming a bare generator in the same round.',
    sizes: { full: words('--rounds 41'), quick: words('--rounds 5') },
  },
  {
    name: 'seam',
    title: 'The seam',
    says: 'What it costs that every Linux function can be replaced and observed: a call of a symbol that nobody observes against a direct call, and steps below observed calls against native `yield*`.',
    sizes: { full: [], quick: [] },
  },
  {
    name: 'reference',
    title: 'The reference',
    says: 'A world of the reference built and taken down, complete runs of a device fault against reclaim with more and more contracts listening and judging, and what one process has resident over many runs; in processor time of one core.',
    sizes: { full: words('--rounds 61 --runs 1000000'), quick: words('--rounds 11 --runs 20000') },
  },
  {
    name: 'exhaustive',
    title: 'Exhaustive search',
    says: 'Executions that the search needs, against the trace classes that there are and against all schedules; first of the small model, then of the reference itself. A search that met its cap is not complete.',
    sizes: {
      full: words('--cap 50000 --repeats 5'),
      quick: words('--cap 8000 --repeats 2 --contracts MMN-*'),
    },
  },
  {
    name: 'time-to-bug',
    title: 'Time to bug',
    says: "Schedules until a planted defect is found, by the portfolio and by each of its strategies alone. A strategy alone is stopped after four times what the portfolio took in the mean; what was stopped counts as found, and the best of several means is partly luck, so the ratios are upper bounds. Where the portfolio's mean is above the limit that is given below, strategies alone are not tried.",
    sizes: {
      full: words('--campaigns 60 --cap 5000 --budget 100 --slow 300'),
      quick: words('--campaigns 2 --cap 5000 --budget 1 --slow 30 --diagrams'),
    },
  },
  {
    name: 'shrinking',
    title: 'Shrinking',
    says: 'Large random failures of generic puzzles, shrunk by the suite and by fast-check alone, against the smallest failures that there are, which brute force finds; then failures of the planted defects that are as large, against the smallest that any seed came to.',
    sizes: {
      full: words('--seeds 100 --mutants --mutant-seeds 4'),
      quick: words(
        '--seeds 4 --mutants --mutant-seeds 2 --only-mutants boolean-valid,published-unchecked,unregistered-twice',
      ),
    },
  },
  {
    name: 'determinism',
    title: 'Determinism',
    says: 'Whether the same seed and the same choices lead to the same run: one run in 97 of a campaign is taken twice, and processes of their own, of this Node and of another, make the same campaign.',
    sizes: {
      full: words('--runs 100000 --compared 2000 --nodes 22'),
      quick: words('--runs 1000 --compared 30 --nodes 22'),
    },
  },
  {
    name: 'log-speed',
    title: 'Recorded logs',
    says: 'How fast logs of real kernels are judged by every contract, and in how much memory: the logs of `fixtures/traces` are repeated until they have the size.',
    sizes: { full: words('--megabytes 1024'), quick: words('--megabytes 64') },
  },
]
