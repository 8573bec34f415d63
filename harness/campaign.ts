/** Campaigns: many generated workloads, a few schedules of each, every run judged by every contract. */
import { keepRunning, randomWalk } from '../engine/choice'
import { childSeed } from '../engine/random'
import type { End } from '../engine/events'
import type { Execution } from '../engine/run'
import type { Kernel, Patch } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import { judgeOf, type Finding, type Judge } from '../spec/judge'
import { sampleWorkloads } from './arbitrary'
import { runWorkload, type Workload } from './workload'

export interface CampaignOptions {
  readonly contracts: readonly Contract[]
  readonly patches: readonly Patch[]
  readonly seed: number
  /** Runs to make in all. */
  readonly schedules: number
  /** Ends the campaign early. */
  readonly enough?: (soFar: Campaign) => boolean
}

/** A run that a contract objected to, or that did not end well. */
export interface Failure {
  readonly workload: Workload
  readonly execution: Execution
  /** The run's number in the campaign, from 1. */
  readonly schedule: number
  readonly says: string
}

/** What a campaign knows of one contract. */
export interface Tally {
  readonly contract: Contract
  exercised: number
  readonly witnesses: Map<string, number>
  /** The first run it objected to. */
  failure: Failure | null
}

export interface Campaign {
  readonly tallies: readonly Tally[]
  schedules: number
  /** Ends other than done: how often, and the first of each. */
  readonly badEnds: Map<End['kind'], { count: number; first: Failure }>
}

const schedulesPerWorkload = 8
const workloadsPerSample = 100

export function kernelFor(judge: Judge, patches: readonly Patch[]): Kernel {
  return { patches, listens: judge.listens }
}

export function runCampaign(options: CampaignOptions): Campaign {
  const judge = judgeOf(options.contracts)
  const kernel = kernelFor(judge, options.patches)
  const campaign: Campaign = {
    tallies: options.contracts.map((contract) => ({
      contract,
      exercised: 0,
      witnesses: new Map(),
      failure: null,
    })),
    schedules: 0,
    badEnds: new Map(),
  }
  for (const { workload, choiceSeed } of schedulesOf(options.seed)) {
    if (campaign.schedules >= options.schedules || options.enough?.(campaign)) break
    const choice = choiceSeed === null ? keepRunning : randomWalk(choiceSeed)
    const execution = runWorkload(kernel, workload, choice)
    campaign.schedules++
    const failure = (says: string): Failure => ({
      workload,
      execution,
      schedule: campaign.schedules,
      says,
    })
    noteEnd(campaign, execution, failure)
    note(campaign.tallies, judge.judge(execution.events), failure)
  }
  return campaign
}

/** An endless stream of workloads with a source of choices each; null keeps running. */
function* schedulesOf(seed: number): Generator<{ workload: Workload; choiceSeed: number | null }> {
  for (let sample = 0; ; sample++) {
    const sampleSeed = childSeed(seed, sample)
    let n = 0
    for (const workload of sampleWorkloads(sampleSeed | 0, workloadsPerSample)) {
      yield { workload, choiceSeed: null }
      for (let i = 1; i < schedulesPerWorkload; i++)
        yield { workload, choiceSeed: childSeed(sampleSeed, n++) }
    }
  }
}

function noteEnd(
  { badEnds }: Campaign,
  { end }: Execution,
  failure: (says: string) => Failure,
): void {
  if (end.kind === 'done') return
  const known = badEnds.get(end.kind)
  if (known) known.count++
  else badEnds.set(end.kind, { count: 1, first: failure(describeEnd(end)) })
}

function note(
  tallies: readonly Tally[],
  findings: readonly Finding[],
  failure: (says: string) => Failure,
): void {
  findings.forEach(({ objections, witnesses }, i) => {
    const tally = tallies[i]!
    for (const [witness, count] of witnesses) {
      tally.exercised += count
      tally.witnesses.set(witness, (tally.witnesses.get(witness) ?? 0) + count)
    }
    if (objections.length > 0) tally.failure ??= failure(objections[0]!.says)
  })
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
