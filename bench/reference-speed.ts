/**
 * How fast the reference itself runs: a world built and taken down, complete runs of a device fault against
 * reclaim with more and more contracts listening, and whether memory stays flat over many runs in one process.
 *
 *   node bin/bench.js reference [--rounds N] [--runs N] [--json]
 *
 * Processor time, so that a busy machine does not add its own; rounds take turns.
 */
import { range } from 'lodash'
import { keepRunning, type Choice } from '../engine/choice'
import { childSeed } from '../engine/random'
import { randomWalk } from '../engine/strategies/random-walk'
import { kernelFor } from '../harness/campaign'
import { contractsMatching } from '../harness/registry'
import { parseWorkload, runWorkload, workloadText, type Workload } from '../harness/workload'
import { judgeOf } from '../spec/judge'
import { cpuMilliseconds } from './models/clock'
import { median } from './models/statistics'
import { flag, numberOption, progress } from './options'

/** Four areas of one page and two notifiers; nobody does anything. */
const still = parseWorkload('1.1+1.1+1.1+1.1.gpu.kvm', '')
const racing = parseWorkload('1.1.gpu', 'device_fault_0/reclaim_0')
const runsPerRound = 200
const samples = 20

export interface ReferenceSpeed {
  readonly rounds: number
  /** Microseconds to build and take down a world. */
  readonly boot: { readonly world: string; readonly microseconds: number }
  /** Complete runs a second, by who listens; the medians of the rounds. */
  readonly rates: readonly {
    readonly contracts: string
    readonly count: number
    readonly runsPerSecond: number
  }[]
  readonly workload: string
  /** Bytes resident after every twentieth of so many runs, with all contracts of an area listening. */
  readonly memory: { readonly runs: number; readonly resident: readonly number[] }
}

export function measureReference(rounds: number, runs: number): ReferenceSpeed {
  const listeners = ['MMN-03', 'MMN-*', 'HMM-*,MMN-*', '*'].map((ids) => ({
    ids,
    ...judged(racing, ids),
  }))
  const boot = judged(still, null)
  const [boots, rates] = [[] as number[], listeners.map(() => [] as number[])]
  for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
    const took = milliseconds(boot.once, () => keepRunning)
    const all = listeners.map(({ once }) =>
      milliseconds(once, (n) => randomWalk(childSeed(round, n))),
    )
    if (round < 0) continue
    boots.push((took * 1000) / runsPerRound)
    all.forEach((ms, i) => rates[i]!.push((runsPerRound * 1000) / ms))
  }
  return {
    rounds,
    boot: { world: workloadText(still), microseconds: median(boots) },
    rates: listeners.map(({ ids, count }, i) => ({
      ...{ contracts: ids, count, runsPerSecond: median(rates[i]!) },
    })),
    workload: workloadText(racing),
    memory: { runs, resident: residentOver(runs) },
  }
}

/** A run of a workload and its judgement, by contracts or nobody. */
function judged(workload: Workload, ids: string | null) {
  const contracts = ids === null ? [] : contractsMatching(ids)
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, [])
  const once = (choice: Choice) => judge.judge(runWorkload(kernel, workload, choice).events)
  return { once, count: contracts.length }
}

function milliseconds(once: (choice: Choice) => unknown, choice: (n: number) => Choice): number {
  const began = cpuMilliseconds()
  for (let n = 0; n < runsPerRound; n++) once(choice(n))
  return cpuMilliseconds() - began
}

function residentOver(runs: number): number[] {
  const { once } = judged(racing, 'MMN-*')
  return range(samples).map((sample) => {
    progress(`reference: ${sample} of ${samples} parts of ${runs} runs`)
    for (let n = 0; n < runs / samples; n++) once(randomWalk(childSeed(sample, n)))
    return process.memoryUsage.rss()
  })
}

export function referenceSpeed(args: readonly string[]): void {
  const rounds = numberOption(args, '--rounds', 31)
  const figures = measureReference(rounds, numberOption(args, '--runs', 100_000))
  if (flag(args, '--json')) return console.log(JSON.stringify(figures, null, 2))
  const { boot, rates, workload, memory } = figures
  console.log(`${boot.world}: built and taken down in ${boot.microseconds.toFixed(0)} us`)
  for (const { contracts, count, runsPerSecond } of rates)
    console.log(`${workload}, ${contracts} (${count}): ${runsPerSecond.toFixed(0)} runs a second`)
  const megabytes = memory.resident.map((bytes) => Math.round(bytes / 2 ** 20))
  console.log(`resident over ${memory.runs} runs: ${megabytes.join(' ')} MiB`)
}
