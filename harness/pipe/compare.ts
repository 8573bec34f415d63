/**
 * One implementation held against another that is to do the same, such as the reference in this process and over
 * the pipe: workloads are run by both under the same schedules, and every contract must say the same of both.
 */
import { isEqual } from 'lodash'
import { childSeed } from '../../engine/random'
import type { Execution } from '../../engine/run'
import { portfolio } from '../../engine/strategies/portfolio'
import { watched } from '../../engine/strategies/strategy'
import type { Patch } from '../../engine/symbol'
import type { Contract } from '../../spec/contract'
import { judgeOf, type Finding } from '../../spec/judge'
import {
  kernelFor,
  newCampaign,
  noteFailures,
  noteWitnesses,
  verdictOf,
  type Campaign,
  type Tally,
} from '../campaign'
import { runWorkload, workloadText, type Workload } from '../workload'

export interface Comparison {
  readonly workloads: number
  /** Events of all runs of the first. */
  readonly events: number
  /** What differs, in the order of the runs: a sentence each. */
  readonly differences: readonly string[]
  /** What each of the two comes to over all runs. */
  readonly campaigns: readonly [Campaign, Campaign]
}

export interface ComparisonOptions {
  readonly contracts: readonly Contract[]
  readonly seed: number
  /** Told after each workload. */
  readonly advance?: () => void
}

type Both<T> = readonly [T, T]

/** Runs each workload once by both. */
export function compare(
  patches: Both<readonly Patch[]>,
  workloads: readonly Workload[],
  { contracts, seed, advance }: ComparisonOptions,
): Comparison {
  const judge = judgeOf(contracts)
  const kernels = both(patches, (one) => kernelFor(judge, one))
  const campaigns: Both<Campaign> = [newCampaign(contracts), newCampaign(contracts)]
  const differences: string[] = []
  let events = 0
  for (const [n, workload] of workloads.entries()) {
    const runs = both(kernels, (kernel) => {
      const strategy = portfolio(n)
      const choice = watched(strategy, strategy.begin(childSeed(seed, n)))
      return runWorkload(kernel, workload, choice)
    })
    const findings = both(runs, (run) => judge.judge(run.events))
    for (const side of [0, 1] as const)
      note(campaigns[side], { workload, schedule: n + 1 }, runs[side], findings[side])
    differences.push(
      ...differencesIn(runs, findings, contracts).map(
        (says) => `${workloadText(workload)}: ${says}`,
      ),
    )
    events += runs[0].events.length
    advance?.()
  }
  const totals = contracts.flatMap((_, i) => differenceOf(campaigns, i))
  return {
    workloads: workloads.length,
    events,
    differences: [...differences, ...totals],
    campaigns,
  }
}

function both<T, R>([first, second]: Both<T>, make: (one: T) => R): Both<R> {
  return [make(first), make(second)]
}

function note(
  campaign: Campaign,
  where: { workload: Workload; schedule: number },
  run: Execution,
  findings: readonly Finding[],
): void {
  campaign.schedules++
  noteFailures(campaign, where, run, findings)
  noteWitnesses(campaign, findings)
}

function differencesIn(
  [first, second]: Both<Execution>,
  findings: Both<readonly Finding[]>,
  contracts: readonly Contract[],
): string[] {
  const says: string[] = []
  if (first.end.kind !== second.end.kind)
    says.push(`one run ends in ${first.end.kind}, the other in ${second.end.kind}`)
  const same = first.events.findIndex(({ symbol }, i) => symbol !== second.events[i]?.symbol)
  if (same >= 0 || first.events.length !== second.events.length) {
    const at = same >= 0 ? same : first.events.length
    const [one, other] = [first, second].map(({ events }) => events[at]?.symbol ?? 'the end')
    says.push(`event ${at} is ${one} in one run, ${other} in the other`)
  }
  if (!isEqual(first.choices, second.choices)) says.push('the schedules part')
  for (const [i, { id }] of contracts.entries()) {
    const [one, other] = both(findings, (all) => all[i]!)
    if (one.objections.length > 0 !== other.objections.length > 0)
      says.push(`${id} objects to one run only`)
    if (!isEqual(one.witnesses, other.witnesses)) says.push(`${id} is exercised in other shapes`)
  }
  return says
}

function differenceOf(campaigns: Both<Campaign>, nth: number): string[] {
  const [one, other] = both(campaigns, (campaign) => ({
    verdict: verdictOf(campaign.tallies[nth]!, campaign),
    exercised: campaign.tallies[nth]!.exercised,
  }))
  if (isEqual(one, other)) return []
  const { id } = (campaigns[0].tallies[nth] as Tally).contract
  const text = ({ verdict, exercised }: typeof one): string => `${verdict} (${exercised})`
  return [`${id} is ${text(one)} in one, ${text(other)} in the other`]
}
