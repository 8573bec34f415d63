/**
 * One subject judged: known counterexamples first, then a campaign, then what failed is shrunk.
 *
 * An implementation from a file runs in workers alone: it may do to its thread whatever it likes.
 */
import { pick, sortBy, without } from 'lodash'
import { checkLinks } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import { newCampaign, type Campaign } from './campaign'
import { causesOf } from './causes'
import type { Counterexample } from './counterexample'
import { endContracts, type BadEnd } from './ends'
import { noteShrunk, nothingNoted } from './found'
import { isObservable } from './observable'
import { isIn, type Profile } from './profiles'
import type { Progress } from './progress'
import { loadSubjects, readRegressions, type Regression, type Tried } from './regressions'
import { reportOf, type RunReport } from './report'
import { addTo, runShards, shardsOf, tooManyCrashes } from './shards'
import { isForeign, type Subject } from './subject'
import { survive, unlessLost } from './survive'
import type { SubjectTask } from './tasks'
import { tasksAtOnce, withWorkers, type Ask } from './workers'

export interface Plan {
  readonly contracts: readonly Contract[]
  readonly seed: number
  readonly schedules: number
  /** How long the campaign goes on at most, in milliseconds: to the end of the shard under way. */
  readonly msMax?: number | undefined
  /** At most; what is found does not depend on it. */
  readonly workers: number
  /** What a single run may take. */
  readonly runMsMax?: number | undefined
  /** Where regressions are kept. */
  readonly folder: string
  readonly progress: Progress
  /** Failures that are known: they are tried apart, and hide none that the campaign meets. */
  readonly known?: readonly Regression[]
  /** What is asked for of the contracts: all of them unless told. */
  readonly profile?: Profile | undefined
  /** Whether the smallest runs are wanted as sections of a page. */
  readonly draws?: boolean
}

export interface Judged {
  readonly report: RunReport
  readonly campaign: Campaign
  /** The smallest run for every contract that objected, in the order of the contracts. */
  readonly counterexamples: readonly Counterexample[]
  /** What became of the known failures, in their order. */
  readonly knownTried: readonly Tried[]
  /** HTML of the simplest run of each root cause, if it was wanted. */
  readonly sections: readonly string[]
}

/** Judges by the contracts of the plan that are asked for and can be heard; the report has the others too. */
export async function judgeSubject(subject: Subject, whole: Plan): Promise<Judged> {
  const { profile, seed, schedules, runMsMax, progress } = whole
  const contracts = whole.contracts.filter(
    (contract) => isIn(contract, profile) && isObservable(contract, subject.hides),
  )
  const plan = { ...whole, contracts }
  const began = Date.now()
  checkLinks(subject.patches)
  const workers = Math.min(plan.workers, shardsOf(seed, schedules).length)
  const campaign = newCampaign(contracts)
  const options = { workers, runMsMax, apart: isForeign(subject) }
  const judged = await withWorkers(options, async (ask) => {
    const search = {
      about: pick(subject, 'name', 'file', 'program') as SubjectTask,
      plan,
      campaign,
      ask,
    }
    const knownTried = await tryKnown(search)
    const regressions = await runCampaign(search, tasksAtOnce(workers))
    const counterexamples = await shrinkFailures(search)
    const ends = await shrinkEnds(search)
    const tokens = await tokensOfBadEnds(search)
    const sections = plan.draws ? await draw(search, counterexamples) : []
    return { regressions, counterexamples, tokens, ends, knownTried, sections }
  }).finally(progress.clear)
  const elapsedMs = Date.now() - began
  const asked = { implementation: subject.name, contracts: whole.contracts, profile }
  const report = reportOf({ ...asked, seed, campaign, ...judged, elapsedMs })
  return { report, campaign, ...pick(judged, 'counterexamples', 'knownTried', 'sections') }
}

interface Search {
  readonly about: SubjectTask
  readonly plan: Plan
  readonly campaign: Campaign
  readonly ask: Ask
}

/** The simplest run of each root cause, drawn where implementations run. */
async function draw({ about, ask }: Search, all: readonly Counterexample[]): Promise<string[]> {
  const counterexamples = causesOf(all).flatMap(({ runs }) => runs.slice(0, 1))
  if (counterexamples.length === 0) return []
  return [...((await unlessLost(about, ask('draw', { ...about, counterexamples }))) ?? [])]
}

/** Who objects to the known failures now. */
async function tryKnown({ about, plan, ask }: Search): Promise<readonly Tried[]> {
  const { known = [], seed } = plan
  if (known.length === 0) return []
  loadSubjects(known)
  const contracts = plan.contracts.map(({ id }) => id)
  const part = { ...about, contracts, campaign: seed, noted: nothingNoted(contracts) }
  const { tried } = await survive(ask, 'regressions', { ...part, regressions: known })
  return tried
}

/** Regressions, then shards, until there is enough. */
async function runCampaign(
  { about, plan, campaign, ask }: Search,
  atOnce: number,
): Promise<readonly Tried[]> {
  const { seed, schedules, msMax = Infinity, folder, progress } = plan
  const deadline = Date.now() + msMax
  const contracts = plan.contracts.map(({ id }) => id)
  const part = { ...about, contracts, campaign: seed, noted: nothingNoted(contracts) }
  const regressions = readRegressions(folder)
  // Workers are given what was compiled here: they need no compiler where time is limited.
  loadSubjects(regressions)
  const { tried, result } = await survive(ask, 'regressions', { ...part, regressions })
  addTo(campaign, result)
  if (!tooManyCrashes(campaign))
    await runShards(campaign, {
      shards: shardsOf(seed, schedules),
      atOnce,
      execute: (shard) =>
        survive(ask, 'shard', { ...part, seed: shard.seed, schedules: shard.schedules }),
      arrived: (arrived) => progress.advance(arrived.schedules),
      enough: (soFar) => tooManyCrashes(soFar) || Date.now() >= deadline,
    })
  return tried
}

/**
 * Of every contract that objected, the smallest failure; as it was met where shrinking it does not come back.
 * A contract that objects to what another one was shrunk to needs no search of its own. What failed first
 * comes first: what takes little to be met takes few operations, and is what others object to.
 */
async function shrinkFailures({ about, plan, campaign, ask }: Search): Promise<Counterexample[]> {
  // What does not happen twice cannot be made smaller.
  if (campaign.badEnds.has('nondeterminism')) return []
  const failing = campaign.tallies.filter(({ failure }) => failure !== null)
  const ids = failing.map(({ contract }) => contract.id)
  const smallest = new Map<string, Counterexample>()
  for (const { contract, failure } of sortBy(failing, 'failure.schedule')) {
    if (smallest.has(contract.id)) continue
    plan.progress.doing(`shrinking what breaks ${contract.id}`)
    const others = without(ids, contract.id)
    const task = { ...about, contract: contract.id, failure: failure!, others }
    const found =
      (await unlessLost(about, ask('shrink', { ...task, asMet: false }))) ??
      (await unlessLost(about, ask('shrink', { ...task, asMet: true })))
    for (const counterexample of found ?? []) {
      const before = smallest.get(counterexample.contract)
      if (before && !isSmaller(counterexample, before)) continue
      noteShrunk(about.name, plan.seed, counterexample)
      smallest.set(counterexample.contract, counterexample)
    }
  }
  return ids.flatMap((id) => smallest.get(id) ?? [])
}

function isSmaller(one: Counterexample, other: Counterexample): boolean {
  if (one.operations !== other.operations) return one.operations < other.operations
  return one.preemptions < other.preemptions
}

/** Of a program that was lost, the smallest run that loses it, by how. */
async function shrinkEnds({
  about,
  plan,
  campaign,
  ask,
}: Search): Promise<Map<BadEnd, Counterexample>> {
  const smallest = new Map<BadEnd, Counterexample>()
  if (!about.program || campaign.badEnds.has('nondeterminism')) return smallest
  for (const [kind, { first: failure }] of campaign.badEnds) {
    if (!endContracts.has(kind)) continue
    plan.progress.doing(`shrinking what ends in a ${kind}`)
    const task = { ...about, contract: kind, failure, others: [], asMet: false }
    const [found] = (await unlessLost(about, ask('shrink', task))) ?? []
    if (found) smallest.set(kind, found)
  }
  return smallest
}

/** What replays the first run of every kind of bad end. */
async function tokensOfBadEnds({ about, campaign, ask }: Search): Promise<Map<BadEnd, string>> {
  const tokens = new Map<BadEnd, string>()
  for (const [by, { first: failure }] of campaign.badEnds) {
    const token = await unlessLost(about, ask('token', { ...about, failure, by }))
    if (token !== null) tokens.set(by, token)
  }
  return tokens
}
