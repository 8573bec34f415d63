/** How far random failures of the planted defects shrink, by the suite's own minimiser. */
import { countBy, mean, range } from 'lodash'
import { runCampaign } from '../harness/campaign'
import { shrink, type Counterexample } from '../harness/counterexample'
import { contracts, mutant } from '../harness/registry'
import { median } from './models/statistics'

export interface MutantFigures {
  readonly mutant: string
  readonly contract: string
  readonly seeds: number
  /** Seeds whose campaign found it. */
  readonly found: number
  /** Operations that a failure had, in the mean. */
  readonly start: number
  /** How often each counterexample was the result, by token. */
  readonly results: Readonly<Record<string, number>>
  readonly distinct: number
  /** How often each number of operations, and of preemptions, was the result. */
  readonly operations: Readonly<Record<string, number>>
  readonly preemptions: Readonly<Record<string, number>>
  /** Medians: re-executions of the search, schedules that the certificate rests on, milliseconds. */
  readonly evaluations: number
  readonly schedules: number
  readonly ms: number
  /** Results with a certificate. */
  readonly certified: number
}

const schedulesMax = 20_000

interface Shrunk {
  readonly start: number
  readonly to: Counterexample
  readonly ms: number
}

/** Seeds from 1 to `seeds`. */
export function shrinkMutant({ name, seeds }: { name: string; seeds: number }): MutantFigures {
  const { expect } = mutant(name)
  const shrunk = range(1, seeds + 1).flatMap((seed) => fromSeed(name, seed) ?? [])
  const results = countBy(shrunk, ({ to }) => to.token)
  return {
    mutant: name,
    contract: expect[0]!,
    seeds,
    found: shrunk.length,
    start: mean(shrunk.map(({ start }) => start)),
    results,
    distinct: Object.keys(results).length,
    operations: countBy(shrunk, ({ to }) => to.operations),
    preemptions: countBy(shrunk, ({ to }) => to.preemptions),
    evaluations: median(shrunk.map(({ to }) => to.searched)),
    schedules: median(shrunk.map(({ to }) => to.certificate.schedules)),
    ms: median(shrunk.map(({ ms }) => ms)),
    certified: shrunk.filter(({ to }) => to.certificate.certified).length,
  }
}

/** Null if the seed's campaign does not find the mutant. */
function fromSeed(name: string, seed: number): Shrunk | null {
  const { expect, patches } = mutant(name)
  const contract = contracts.find(({ id }) => id === expect[0])!
  const { tallies } = runCampaign({
    contracts: [contract],
    patches,
    seed,
    schedules: schedulesMax,
    enough: (soFar) => soFar.tallies[0]!.failure !== null,
  })
  const { failure } = tallies[0]!
  if (!failure) return null
  const began = performance.now()
  const to = shrink(contract, failure, patches, name, { insight: false })
  const ms = performance.now() - began
  return { start: failure.workload.tasks.flatMap(({ ops }) => ops).length, to, ms }
}
