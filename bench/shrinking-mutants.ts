/**
 * How far large random failures of the planted defects shrink, by the suite's own minimiser. What is the least is not
 * known of them as it is of puzzles: it is what the best seed came to.
 */
import { mean, range } from 'lodash'
import type { Extent } from '../harness/arbitrary'
import type { Patch } from '../engine/symbol'
import { kernelFor, type Failure } from '../harness/campaign'
import { shrink, type Counterexample } from '../harness/counterexample'
import { contracts, mutant } from '../harness/registry'
import { runWorkload } from '../harness/workload'
import type { Contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'
import { drawn, everyTopic } from './models/drawn'
import { leastAmong, resultsOf, sharesOfLeast, type Result } from './models/results'
import { operationsPerTask, taskCount } from './models/start'
import { median } from './models/statistics'

export interface MutantFigures {
  readonly mutant: string
  readonly contract: string
  readonly seeds: number
  /** Seeds that met it. */
  readonly found: number
  /** Operations that a failure had, in the mean. */
  readonly start: number
  /** By token. */
  readonly results: readonly Result[]
  readonly distinct: number
  /** Shares of the results that have the fewest operations of all, and the fewest preemptions as well. */
  readonly fewestOperations: number
  readonly fewestBoth: number
  /** Medians: re-executions of the search, schedules that the certificate rests on, milliseconds. */
  readonly evaluations: number
  readonly schedules: number
  readonly ms: number
  /** Results with a certificate. */
  readonly certified: number
}

const schedulesMax = 5_000
const { min, max } = operationsPerTask
/** As large as the failures of puzzles. */
const large: Extent = { tasks: [taskCount, taskCount], ops: [min, max] }

interface Shrunk {
  readonly seed: number
  readonly start: number
  readonly to: Counterexample
  readonly ms: number
}

/** Seeds from 1 to `seeds`. */
export function shrinkMutant({ name, seeds }: { name: string; seeds: number }): MutantFigures {
  const shrunk = range(1, seeds + 1).flatMap((seed) => fromSeed(name, seed) ?? [])
  const ended = shrunk.map(({ seed, to: { token, operations, preemptions } }) => ({
    ...{ text: token, operations, preemptions, seed },
  }))
  const results = resultsOf(ended)
  return {
    mutant: name,
    contract: mutant(name).expect[0]!,
    seeds,
    found: shrunk.length,
    start: mean(shrunk.map(({ start }) => start)),
    results,
    distinct: results.length,
    ...(ended.length > 0
      ? sharesOfLeast(ended, leastAmong(ended))
      : { fewestOperations: 0, fewestBoth: 0 }),
    evaluations: median(shrunk.map(({ to }) => to.searched)),
    schedules: median(shrunk.map(({ to }) => to.certificate.schedules)),
    ms: median(shrunk.map(({ ms }) => ms)),
    certified: shrunk.filter(({ to }) => to.certificate.certified).length,
  }
}

/** Null if the seed does not meet the mutant. */
function fromSeed(name: string, seed: number): Shrunk | null {
  const { expect, patches } = mutant(name)
  const contract = contracts.find(({ id }) => id === expect[0])!
  const failure = failureOf(contract, patches, seed)
  if (!failure) return null
  const began = performance.now()
  const to = shrink(contract, failure, patches, name, { insight: false })
  const ms = performance.now() - began
  return { seed, start: failure.workload.tasks.flatMap(({ ops }) => ops).length, to, ms }
}

/** The first of the seed's large runs to which a contract objects. */
function failureOf(contract: Contract, patches: readonly Patch[], seed: number): Failure | null {
  const judge = judgeOf([contract])
  const kernel = kernelFor(judge, patches)
  let schedule = 0
  for (const { workload, choice, learn } of drawn(everyTopic(seed, large), seed)) {
    if (schedule++ === schedulesMax) break
    const execution = runWorkload(kernel, workload, choice())
    learn(execution)
    const [objection] = judge.judge(execution.events)[0]!.objections
    if (objection) return { workload, choices: execution.choices, schedule, says: objection.says }
  }
  return null
}
