/**
 * One workload explored: every trace class once, or every schedule within a bound, each judged.
 *
 * What the contracts look at counts as state, so that runs of one class have one verdict: an exploration
 * is exhaustive for the contracts that it was made for. The code of an implementation that does not come
 * with the suite may hold state that nobody sees: then there are no classes, only schedules.
 */
import type { Choice } from '../engine/choice'
import { enumerate } from '../engine/enumerate'
import { estimate, type Estimate } from '../engine/estimate'
import { explore } from '../engine/explore'
import type { Execution } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import { judgeOf, type Judge } from '../spec/judge'
import { kernelFor, newCampaign, noteFailures, noteWitnesses, type Campaign } from './campaign'
import { tooManyCrashes } from './shards'
import { isForeign, type Subject } from './subject'
import { runWorkload, type Workload } from './workload'

export interface ExplorationOptions {
  readonly contracts: readonly Contract[]
  /** Executions at most. */
  readonly cap: number
  /** Preemptions at most; with a bound there are no classes. */
  readonly preemptions?: number
}

export interface Exploration {
  /** Everything that was run, as a campaign. */
  readonly campaign: Campaign
  /** Trace classes visited, or null where schedules were counted. */
  readonly classes: number | null
  readonly executions: number
  /** Nothing is left: every class, or every schedule within the bound, was visited. */
  readonly complete: boolean
}

/** A kernel whose steps know what the contracts that hear them look at. */
export function kernelFollowedBy(judge: Judge, { patches }: Subject): Kernel {
  return { ...kernelFor(judge, patches), follow: judge.follow }
}

export function exploreWorkload(
  subject: Subject,
  workload: Workload,
  { contracts, cap, preemptions }: ExplorationOptions,
): Exploration {
  const judge = judgeOf(contracts)
  const campaign = newCampaign(contracts)
  const visit = (execution: Execution) => {
    campaign.schedules++
    const findings = judge.judge(execution.events)
    noteFailures(campaign, { workload, schedule: campaign.schedules }, execution, findings)
    noteWitnesses(campaign, findings)
  }
  if (preemptions !== undefined || isForeign(subject)) {
    const kernel = kernelFor(judge, subject.patches)
    const execute = (choice: Choice) => runWorkload(kernel, workload, choice)
    // Who is lost again and again will be: with every schedule, and for as long as a call may take.
    const visitUnlessLost = (execution: Execution) => {
      visit(execution)
      return tooManyCrashes(campaign)
    }
    const bound = preemptions ?? Infinity
    const { executions, complete } = enumerate(execute, bound, cap, visitUnlessLost)
    return { campaign, classes: null, executions, complete }
  }
  const kernel = kernelFollowedBy(judge, subject)
  const execute = (choice: Choice) => runWorkload(kernel, workload, choice)
  return { campaign, ...explore(execute, cap, visit) }
}

/** How much there is to explore. */
export function estimateWorkload(
  subject: Subject,
  workload: Workload,
  contracts: readonly Contract[],
  sample: number,
): Estimate {
  const kernel = kernelFollowedBy(judgeOf(contracts), subject)
  return estimate((choice) => runWorkload(kernel, workload, choice), 1, sample)
}
