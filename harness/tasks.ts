/** What a worker does: plain data in, plain data out, in its own thread or in this one. */
import {
  newCampaign,
  runCampaign,
  type Campaign,
  type CampaignOptions,
  type Failure,
  type Lost,
} from './campaign'
import { shared, shrink, tellAsMet, effortOn, type Counterexample } from './counterexample'
import { endContracts, type BadEnd } from './ends'
import { noteMet, tokenOf } from './found'
import { beginRun, countingRuns, shown, withinMemory, type Pulse } from './guard'
import { counterexampleSection } from './html/section'
import { hunt, type HuntTask, type MutantReport } from './hunt'
import { contractsWithIds } from './registry'
import { tryRegressions, type Regression, type Tried } from './regressions'
import { retell, type Retold } from './replay'
import { resultOf, tooManyCrashes, type ShardResult } from './shards'
import { subjectOf, type Foreign, type SubjectData } from './subject'

/** Whom a task is about. */
export type SubjectTask = SubjectData

/** A part of a campaign, which notes what it finds. */
export interface CampaignTask extends SubjectTask {
  readonly contracts: readonly string[]
  /** The campaign's seed. */
  readonly campaign: number
  readonly noted: Int32Array
  /** Its runs that are known not to come back, by their numbers. */
  readonly lost: ReadonlyMap<number, Lost>
}

export interface ShardTask extends CampaignTask {
  readonly seed: number
  readonly schedules: number
}

export interface RegressionsTask extends CampaignTask {
  readonly regressions: readonly Regression[]
}

export interface ShrinkTask extends SubjectTask {
  readonly contract: string
  readonly failure: Failure
  /** Contracts that failed too, and may object to the same smallest run. */
  readonly others: readonly string[]
  /** Only told, as it was met. */
  readonly asMet: boolean
}

export interface TokenTask extends SubjectTask {
  readonly failure: Failure
  readonly by: BadEnd
}

export interface DrawTask extends SubjectTask {
  readonly counterexamples: readonly Counterexample[]
}

export interface RetellTask {
  readonly what: string
  readonly foreign: Foreign
}

export interface Tasks {
  readonly shard: (task: ShardTask, pulse: Pulse) => ShardResult
  readonly regressions: (task: RegressionsTask, pulse: Pulse) => TriedRegressions
  readonly shrink: (task: ShrinkTask, pulse: Pulse) => readonly Counterexample[]
  readonly token: (task: TokenTask, pulse: Pulse) => string
  readonly draw: (task: DrawTask, pulse: Pulse) => readonly string[]
  readonly retell: (task: RetellTask, pulse: Pulse) => Retold
  readonly hunt: (task: HuntTask, pulse: Pulse) => MutantReport
}

export interface TriedRegressions {
  readonly tried: readonly Tried[]
  readonly result: ShardResult
}

export const tasks: Tasks = {
  shard(task, pulse) {
    const { contracts, seed, schedules } = task
    const { patches, hides = [] } = subjectOf(task)
    const options = { contracts: contractsWithIds(contracts), patches, hides, seed, schedules }
    return withinMemory(() => resultOf(runCampaign({ ...options, ...hooks(task, pulse) })))
  },

  regressions(task, pulse) {
    const subject = subjectOf(task)
    const campaign: Campaign = newCampaign(contractsWithIds(task.contracts))
    const { regressions } = task
    const tried = withinMemory(() =>
      tryRegressions(regressions, subject, campaign, hooks(task, pulse)),
    )
    return { tried, result: resultOf(campaign) }
  },

  shrink({ contract, failure, others, asMet, ...about }, pulse) {
    const subject = subjectOf(about)
    const { patches, name } = subject
    const broken = endContracts.get(contract) ?? contractsWithIds([contract])[0]!
    return countingRuns(pulse, () => {
      if (asMet) return [tellAsMet(broken, failure, patches, name)]
      const smallest = shrink(broken, failure, patches, name, effortOn(subject, contract))
      return shared(smallest, contractsWithIds(others), patches, name)
    })
  },

  token: ({ failure, by, ...about }, pulse) =>
    countingRuns(pulse, () => tokenOf(subjectOf(about), failure, by)),

  draw: ({ counterexamples, ...about }, pulse) =>
    countingRuns(pulse, () => {
      const { patches } = subjectOf(about)
      return counterexamples.map((found) => counterexampleSection(found, patches))
    }),

  retell: ({ what, foreign }, pulse) => countingRuns(pulse, () => retell(what, foreign)),

  hunt: (task, pulse) => countingRuns(pulse, () => hunt(task)),
}

/** Every run shows its number before it begins, and is noted before the next one if it fails. */
function hooks(
  { contracts, campaign, noted, lost, ...about }: CampaignTask,
  pulse: Pulse,
): Pick<CampaignOptions, 'begin' | 'met' | 'enough'> {
  const log = { subject: subjectOf(about), seed: campaign, ids: contracts, noted }
  return {
    begin(run, choice) {
      beginRun(pulse, run)
      return lost.get(run) ?? shown(choice, pulse)
    },
    met: (failure, by) => noteMet(log, failure, by),
    enough: tooManyCrashes,
  }
}
