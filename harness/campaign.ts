/** Campaigns: many generated workloads, a few schedules of each, every run judged by every contract. */
import { cloneDeep } from 'lodash'
import type { Choice } from '../engine/choice'
import { Frontier } from '../engine/enumerate'
import { interleavingsOf } from '../engine/estimate'
import { portfolio } from '../engine/strategies/portfolio'
import { watched, type Strategy } from '../engine/strategies/strategy'
import { childSeed } from '../engine/random'
import type { Execution } from '../engine/run'
import { declaredSymbols, type Kernel, type Patch } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import type { LockGraph } from '../reference/kernel/lockdep'
import { judgeOf, type Finding, type Judge } from '../spec/judge'
import { badEndsOf, type BadEnd } from './ends'
import { Rarity } from './rarity'
import { seeded, type SeededOptions } from './seeded'
import { topicNames, topicOf, topicsOf, type TopicName } from './topics/topics'
import { differenceWhenTakenAgain, oneRunIn, type Before } from './twice'
import { runWorkload, type Workload } from './workload'

export interface CampaignOptions extends SeededOptions {
  readonly patches: readonly Patch[]
  /** Runs to make in all. */
  readonly schedules: number
  /** Makes what draws the schedules of a workload: the portfolio, unless told. */
  readonly strategy?: (workload: number) => Strategy
  /** Ends the campaign early. */
  readonly enough?: (soFar: Campaign) => boolean
  /** Told of every run, by a number that no other has: how it is to choose, or that it is known to be lost. */
  readonly begin?: (run: number, choice: Choice) => Choice | Lost
  /** Told of the first failure of every kind before the next run begins. */
  readonly met?: Met
}

/** A run that cannot be made, because its thread does not survive it: how far it came, and why it is over. */
export interface Lost {
  readonly kind: 'crash' | 'hang'
  readonly choices: readonly number[]
  readonly says: string
}

/** By a contract's index among all, or by how a run ended. */
export type Met = (failure: Failure, by: number | BadEnd) => void

/** A run that a contract objected to, or that did not end well: data, from which it runs again. */
export interface Failure {
  readonly workload: Workload
  readonly choices: readonly number[]
  /** The run's number in the campaign, from 1; 0 if it was known before. */
  readonly schedule: number
  readonly says: string
  /** Who drew its schedule: a strategy, or `enumeration`; nobody, where it was known before. */
  readonly by?: string
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
  /** Workloads of which every schedule was run. */
  exhausted: number
  /** Runs that were taken twice, and compared. */
  repeated: number
  /** What was wrong with runs apart from what contracts say: how often, and the first of each. */
  readonly badEnds: Map<BadEnd, { count: number; first: Failure }>
}

const schedulesPerWorkload = 4
/** What a workload is run again for each rare thing that it shows, up to a limit. */
const schedulesWhenRare = 16
const schedulesPerWorkloadMax = 64
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
    exhausted: 0,
    repeated: 0,
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
  const rarityOf = raritiesOf(options)
  // Lockdep reports what no single run would show.
  const lockGraph: LockGraph = new Map()
  let workloads = 0
  for (const { workload, seed, topic } of seeded(options, () => campaign.schedules)) {
    const firstRun = workloads * schedulesPerWorkloadMax
    const strategy = make(workloads++)
    const rarity = rarityOf(topic)
    rarity.nextWorkload()
    // The first run is without a preemption. If there are few others, all follow, else what the strategy draws.
    let frontier: Frontier | null = new Frontier()
    for (let run = 0, runs = schedulesPerWorkload; run < runs; run++) {
      if (over()) return campaign
      const enumerated = frontier?.next()
      const drawn = enumerated ?? strategy.begin(childSeed(seed, run))
      const choice = options.begin?.(firstRun + run, drawn) ?? drawn
      const by = enumerated ? 'enumeration' : (drawn.by ?? strategy.name)
      const where = { workload, schedule: ++campaign.schedules, by }
      if ('kind' in choice) {
        noteBadEnd(campaign, choice.kind, { ...where, ...choice }, options.met)
        frontier = null
        continue
      }
      const learnedBefore = where.schedule % oneRunIn === 1 ? cloneDeep(lockGraph) : null
      const execution = runWorkload(kernel, workload, watched(strategy, choice), { lockGraph })
      strategy.learn?.(execution)
      const findings = judge.judge(execution.events)
      noteFailures(campaign, where, execution, findings, options.met)
      if (learnedBefore)
        noteIfDifferent(
          campaign,
          { kernel, lockGraph: learnedBefore },
          where,
          execution,
          options.met,
        )
      noteWitnesses(campaign, findings)
      const found = rarity.note(execution, findings)
      if (run === 0 && interleavingsOf(execution) > schedulesPerWorkloadMax) frontier = null
      frontier?.visited(execution)
      if (frontier?.isEmpty) {
        campaign.exhausted++
        break
      }
      runs = frontier
        ? schedulesPerWorkloadMax
        : Math.min(runs + found * schedulesWhenRare, schedulesPerWorkloadMax)
    }
  }
  return campaign
}

/** What is rare is rare among workloads about one topic, and sought for the contracts about it. */
function raritiesOf({ contracts, hides }: CampaignOptions): (topic: TopicName) => Rarity {
  const chosen = topicsOf(contracts, hides)
  const concerns = (topic: TopicName) => (n: number) =>
    chosen.length === 1 || topicOf(contracts[n]!) === topic
  const rarities = new Map(topicNames.map((topic) => [topic, new Rarity(concerns(topic))]))
  return (topic) => rarities.get(topic)!
}

/** Notes what went wrong in a run; what it put to the test is not counted. */
export function noteFailures(
  campaign: Campaign,
  where: Pick<Failure, 'workload' | 'schedule' | 'by'>,
  execution: Execution,
  findings: readonly Finding[],
  met?: Met,
): void {
  const { choices } = execution
  findings.forEach(({ objections }, i) => {
    const tally = campaign.tallies[i]!
    if (objections.length === 0 || tally.failure !== null) return
    tally.failure = { ...where, choices, says: objections[0]!.says }
    met?.(tally.failure, i)
  })
  for (const { kind, says } of badEndsOf(execution))
    noteBadEnd(campaign, kind, { ...where, choices, says }, met)
}

export function noteBadEnd(
  { badEnds }: Campaign,
  kind: BadEnd,
  { workload, choices, schedule, says }: Failure,
  met?: Met,
): void {
  const known = badEnds.get(kind)
  if (known) {
    known.count++
    return
  }
  const first = { workload, choices, schedule, says }
  badEnds.set(kind, { count: 1, first })
  met?.(first, kind)
}

/** Takes a run a second time, and notes it if it goes another way. */
function noteIfDifferent(
  campaign: Campaign,
  before: Before,
  where: Pick<Failure, 'workload' | 'schedule'>,
  execution: Execution,
  met?: Met,
): void {
  campaign.repeated++
  const says = differenceWhenTakenAgain(before, where.workload, execution)
  if (says === null) return
  noteBadEnd(campaign, 'nondeterminism', { ...where, choices: execution.choices, says }, met)
}

/** Counts what a run put to the test. */
export function noteWitnesses({ tallies }: Campaign, findings: readonly Finding[]): void {
  findings.forEach(({ witnesses }, i) => {
    const tally = tallies[i]!
    for (const [witness, count] of witnesses) {
      tally.exercised += count
      tally.witnesses.set(witness, (tally.witnesses.get(witness) ?? 0) + count)
    }
  })
}

/**
 * FAIL and WARN: it objects, and that is an error or is none. SKIP: nobody asked for it. UNOBSERVABLE: it would have
 * to hear what the implementation does not show.
 */
export type Verdict =
  'PASS' | 'FAIL' | 'WARN' | 'XFAIL' | 'VACUOUS' | 'UNOBSERVABLE' | 'SKIP' | 'NONDETERMINISTIC'

/** The verdict on one contract after a campaign that judged it. */
export function verdictOf(
  { contract, exercised, witnesses, failure }: Tally,
  { badEnds }: Pick<Campaign, 'badEnds'>,
): Verdict {
  if (failure) return 'FAIL'
  // What was put to the test in a run says nothing of the next one.
  if (badEnds.has('nondeterminism')) return 'NONDETERMINISTIC'
  const { minimum } = contract
  return exercised >= minimum.exercised && witnesses.size >= minimum.witnesses ? 'PASS' : 'VACUOUS'
}
