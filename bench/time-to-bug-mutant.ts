/** Schedules until one mutant is found, by the portfolio and by every strategy alone. */
import { clamp, mean, sum } from 'lodash'
import { portfolio, strategies } from '../engine/strategies/portfolio'
import type { Strategy } from '../engine/strategies/strategy'
import { runCampaign } from '../harness/campaign'
import { contracts, mutant } from '../harness/registry'
import { median } from './models/statistics'

/** How a mutant is sampled. */
export interface Sampling {
  readonly mutant: string
  /** Campaigns of the portfolio; of a strategy alone at most so many. */
  readonly campaigns: number
  /** Schedules of a campaign, at most. */
  readonly cap: number
  /**
   * Schedules that suffice for a strategy: once the portfolio's mean times the campaigns comes to as many,
   * no more campaigns of a strategy alone are made, nor of the portfolio where `whole` is false.
   */
  readonly budget: number
  /** Whether the portfolio makes all its campaigns, whatever they take. */
  readonly whole: boolean
  /** Where the portfolio's mean is above this, strategies alone are left out: they would take hours. */
  readonly slow: number
  readonly alone: boolean
}

export interface Cell {
  readonly strategy: string
  readonly campaigns: number
  /** Schedules until the mutant was found. */
  readonly mean: number
  readonly median: number
  /** Campaigns that did not find it; they count as what they ran, so the mean is a lower bound. */
  readonly missed: number
}

export interface MutantTime {
  readonly mutant: string
  /** Whether a diagram of the documents boots it. */
  readonly diagram: boolean
  readonly portfolio: Cell
  /** Strategies alone; none where they were left out. */
  readonly alone: readonly Cell[]
}

const campaignsLeast = 3
/** What a strategy alone may take, over the portfolio's mean: more can make no best strategy. */
const patience = 4

export function measureMutant(sampling: Sampling): MutantTime {
  const { mutant: name, campaigns, cap, budget, whole, slow } = sampling
  const own = measureStrategy(name, portfolio, cap, (schedules) =>
    whole ? schedules.length >= campaigns : isEnough(schedules, campaigns, budget),
  )
  const most = clamp(Math.ceil(budget / own.mean), Math.min(campaignsLeast, campaigns), campaigns)
  const patient = Math.min(cap, Math.ceil(patience * own.mean))
  const isCompared = sampling.alone && own.mean <= slow
  const alone = (isCompared ? strategies : []).map((make) =>
    measureStrategy(name, make, patient, (schedules) => schedules.length >= most),
  )
  return { mutant: name, diagram: whole, portfolio: own, alone }
}

function isEnough(schedules: readonly number[], campaigns: number, budget: number): boolean {
  if (schedules.length >= campaigns) return true
  return schedules.length >= campaignsLeast && sum(schedules) >= budget
}

/** Campaigns with seeds from 1 on, until `enough` of what they took. */
function measureStrategy(
  name: string,
  make: (workload?: number) => Strategy,
  cap: number,
  enough: (schedules: readonly number[]) => boolean,
): Cell {
  const { expect, patches } = mutant(name)
  const wanted = contracts.findIndex(({ id }) => id === expect[0])
  const taken: number[] = []
  let missed = 0
  for (let seed = 1; !enough(taken); seed++) {
    const { tallies, schedules } = runCampaign({
      contracts,
      patches,
      seed,
      schedules: cap,
      strategy: make,
      enough: (soFar) => soFar.tallies[wanted]!.failure !== null,
    })
    taken.push(schedules)
    if (tallies[wanted]!.failure === null) missed++
  }
  return {
    strategy: make().name,
    campaigns: taken.length,
    mean: mean(taken),
    median: median(taken),
    missed,
  }
}
