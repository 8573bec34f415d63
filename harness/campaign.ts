/** Campaigns: many generated workloads, a few schedules of each, every run judged by every contract. */
import { keepRunning } from '../engine/choice'
import { portfolio } from '../engine/strategies/portfolio'
import type { Strategy } from '../engine/strategies/strategy'
import { childSeed } from '../engine/random'
import type { End, Event } from '../engine/events'
import type { Execution } from '../engine/run'
import { declaredSymbols, type Kernel, type Patch } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import type { LockGraph } from '../reference/kernel/lockdep'
import { judgeOf, type Finding, type Judge } from '../spec/judge'
import { sampleWorkloads } from './arbitrary'
import { runWorkload, type Workload } from './workload'

export interface CampaignOptions {
  readonly contracts: readonly Contract[]
  readonly patches: readonly Patch[]
  readonly seed: number
  /** Runs to make in all. */
  readonly schedules: number
  /** Makes what draws the schedules of a workload: the portfolio, unless told. */
  readonly strategy?: (workload: number) => Strategy
  /** Ends the campaign early. */
  readonly enough?: (soFar: Campaign) => boolean
}

/** A run that a contract objected to, or that did not end well: data, from which it runs again. */
export interface Failure {
  readonly workload: Workload
  readonly choices: readonly number[]
  /** The run's number in the campaign, from 1; 0 if it was known before. */
  readonly schedule: number
  readonly says: string
}

/** How often a contract was put to the test, and what came of it. */
export interface Count {
  exercised: number
  readonly witnesses: Map<string, number>
  /** The first run it objected to. */
  failure: Failure | null
}

/** What a campaign knows of one contract. */
export interface Tally extends Count {
  readonly contract: Contract
}

export interface Campaign {
  readonly tallies: readonly Tally[]
  schedules: number
  /** Ends other than done: how often, and the first of each. */
  readonly badEnds: Map<End['kind'], { count: number; first: Failure }>
}

const schedulesPerWorkload = 8
/** A workload that shows what fewer than one schedule in so many shows is run again, up to a limit. */
const rareBelow = 500
const schedulesWhenRare = 8
const schedulesPerWorkloadMax = 64
const workloadsPerSample = 100

export function kernelFor(judge: Judge, patches: readonly Patch[]): Kernel {
  return { patches, listens: judge.listens }
}

/** What replays and tells a run: names of objects in labels depend on what is observed. */
export function kernelObservingAll(patches: readonly Patch[]): Kernel {
  return { patches, listens: new Set(declaredSymbols().map(({ name }) => name)) }
}

export function newCampaign(contracts: readonly Contract[]): Campaign {
  return {
    tallies: contracts.map((contract) => ({
      contract,
      exercised: 0,
      witnesses: new Map(),
      failure: null,
    })),
    schedules: 0,
    badEnds: new Map(),
  }
}

/** In one go, in this thread. */
export function runCampaign(options: CampaignOptions): Campaign {
  const { contracts, patches, strategy: make = portfolio } = options
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, patches)
  const campaign = newCampaign(contracts)
  const over = () => campaign.schedules >= options.schedules || options.enough?.(campaign)
  const answers = new Answers()
  // Lockdep reports what no single run would show.
  const lockGraph: LockGraph = new Map()
  let workloads = 0
  for (const { workload, seed } of workloadsFrom(options.seed)) {
    const strategy = make(workloads++)
    // The first run is without a preemption, the others are as the strategy draws.
    for (let run = 0, runs = schedulesPerWorkload; run < runs; run++) {
      if (over()) return campaign
      const choice = run === 0 ? keepRunning : strategy.begin(childSeed(seed, run))
      const execution = runWorkload(kernel, workload, choice, { lockGraph })
      campaign.schedules++
      strategy.learn?.(execution)
      const findings = judge.judge(execution.events)
      noteFailures(campaign, { workload, schedule: campaign.schedules }, execution, findings)
      const rareWitness = noteWitnesses(campaign, findings)
      const rareAnswer = answers.rare(execution.events)
      if (rareWitness || rareAnswer)
        runs = Math.min(runs + schedulesWhenRare, schedulesPerWorkloadMax)
    }
  }
  return campaign
}

/** An endless stream of workloads, with a seed for the schedules of each. */
function* workloadsFrom(seed: number): Generator<{ workload: Workload; seed: number }> {
  for (let sample = 0; ; sample++) {
    const sampleSeed = childSeed(seed, sample)
    for (const [n, workload] of sampleWorkloads(sampleSeed | 0, workloadsPerSample).entries())
      yield { workload, seed: childSeed(sampleSeed, n) }
  }
}

/** Notes what went wrong in a run; what it put to the test is not counted. */
export function noteFailures(
  { tallies, badEnds }: Campaign,
  where: Pick<Failure, 'workload' | 'schedule'>,
  { end, choices }: Execution,
  findings: readonly Finding[],
): void {
  const failure = (says: string): Failure => ({ ...where, choices, says })
  findings.forEach(({ objections }, i) => {
    if (objections.length > 0) tallies[i]!.failure ??= failure(objections[0]!.says)
  })
  if (end.kind === 'done') return
  const known = badEnds.get(end.kind)
  if (known) known.count++
  else badEnds.set(end.kind, { count: 1, first: failure(describeEnd(end)) })
}

/** How often calls were refused, by symbol and by what it is called on. */
class Answers {
  private readonly seen = new Map<string, number>()
  private runs = 0

  /** Counts what a run's calls answered; whether some of it is seldom answered. */
  rare(events: readonly Event[]): boolean {
    this.runs++
    let rare = false
    for (const { phase, result, symbol, name } of events) {
      if (phase === 'call' || !(result === false || (typeof result === 'number' && result <= 0)))
        continue
      const key = `${symbol} ${name as string} ${result}`
      const before = this.seen.get(key) ?? 0
      if (before * rareBelow < this.runs) rare = true
      this.seen.set(key, before + 1)
    }
    return rare
  }
}

/** Counts what a run put to the test; returns whether some of it is seldom seen. */
export function noteWitnesses(
  { tallies, schedules }: Campaign,
  findings: readonly Finding[],
): boolean {
  let rare = false
  findings.forEach(({ witnesses }, i) => {
    const tally = tallies[i]!
    for (const [witness, count] of witnesses) {
      const before = tally.witnesses.get(witness) ?? 0
      if (before * rareBelow < schedules) rare = true
      tally.exercised += count
      tally.witnesses.set(witness, before + count)
    }
  })
  return rare
}

/** An end in a sentence. */
export function describeEnd(end: End): string {
  switch (end.kind) {
    case 'done':
      return 'the run ended well'
    case 'deadlock':
      return `deadlock: ${end.cycle.map(({ task, at, waitsFor }) => `${task} at "${at}"${waitsFor.length ? ` waits for ${waitsFor.join(', ')}` : ''}`).join('; ')}`
    case 'livelock':
      return `livelock: ${end.tasks.join(', ')} repeat the same steps under a fair schedule`
    case 'step bound':
      return `not over after ${end.steps} steps`
    case 'oops':
      return end.died
        .map(({ task, message, stack }) => `${task} died: ${message} in ${stack.join(' > ')}`)
        .join('; ')
  }
}

/** The verdict on one contract after a campaign. */
export type Verdict = 'PASS' | 'FAIL' | 'VACUOUS'

export function verdictOf({ contract, exercised, witnesses, failure }: Tally): Verdict {
  if (failure) return 'FAIL'
  const { minimum } = contract
  return exercised >= minimum.exercised && witnesses.size >= minimum.witnesses ? 'PASS' : 'VACUOUS'
}
