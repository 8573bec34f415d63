/** One subject judged: known counterexamples first, then a campaign, then what failed is shrunk. */
import { keepRunning } from '../engine/choice'
import type { Contract } from '../spec/contract'
import { kernelObservingAll, newCampaign, type Campaign } from './campaign'
import { shrink, type Counterexample } from './counterexample'
import { foundLog } from './found'
import type { Progress } from './progress'
import { readRegressions, tryRegressions } from './regressions'
import { reportOf, type RunReport } from './report'
import { resultOf, runShards, shardsOf } from './shards'
import type { Subject } from './subject'
import { parseWorkload, runWorkload } from './workload'
import { tasksAtOnce, withWorkers } from './workers'

export interface Plan {
  readonly contracts: readonly Contract[]
  readonly seed: number
  readonly schedules: number
  /** At most; what is found does not depend on it. */
  readonly workers: number
  /** Where regressions are kept. */
  readonly folder: string
  readonly progress: Progress
}

export interface Judged {
  readonly report: RunReport
  readonly campaign: Campaign
  /** The smallest run for every contract that objected. */
  readonly counterexamples: ReadonlyMap<string, Counterexample>
}

export async function judgeSubject(subject: Subject, plan: Plan): Promise<Judged> {
  const { contracts, seed, progress } = plan
  const began = Date.now()
  checkLinks(subject)
  const found = foundLog(
    subject,
    seed,
    contracts.map(({ id }) => id),
  )
  const campaign = newCampaign(contracts)
  const regressions = tryRegressions(readRegressions(plan.folder), subject, campaign)
  found.met(resultOf(campaign))
  const counterexamples = new Map<string, Counterexample>()
  try {
    await search(subject, plan, campaign, found.met)
    for (const { contract, failure } of campaign.tallies) {
      if (!failure) continue
      progress.doing(`shrinking what breaks ${contract.id}`)
      const counterexample = shrink(contract, failure, subject.patches, subject.name)
      found.shrunk(counterexample)
      counterexamples.set(contract.id, counterexample)
    }
  } finally {
    progress.clear()
  }
  const elapsedMs = Date.now() - began
  const implementation = subject.name
  const report = reportOf({
    ...{ implementation, seed, campaign, counterexamples, regressions, elapsedMs },
  })
  return { report, campaign, counterexamples }
}

/** What does not fit is said before anything is begun or written. */
function checkLinks({ patches }: Subject): void {
  runWorkload(kernelObservingAll(patches), parseWorkload('1.1.gpu', ''), keepRunning)
}

async function search(
  { name, file }: Subject,
  { contracts, seed, schedules, workers, progress }: Plan,
  campaign: Campaign,
  met: (result: ReturnType<typeof resultOf>) => void,
): Promise<void> {
  const shards = shardsOf(seed, schedules)
  const needed = Math.min(workers, shards.length)
  const ids = contracts.map(({ id }) => id)
  await withWorkers(needed, (ask) =>
    runShards(campaign, {
      shards,
      atOnce: tasksAtOnce(needed),
      execute: (shard) =>
        ask('shard', {
          ...{ subject: name, file, contracts: ids },
          ...{ seed: shard.seed, schedules: shard.schedules },
        }),
      arrived: (result) => {
        met(result)
        progress.advance(result.schedules)
      },
    }),
  )
}
