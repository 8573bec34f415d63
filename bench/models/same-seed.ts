/** What a process says of one and the same campaign: another must say the same, to the byte. */
import { createHash, type Hash } from 'node:crypto'
import type { Execution } from '../../engine/run'
import { portfolio } from '../../engine/strategies/portfolio'
import { stickyWalk } from '../../engine/strategies/sticky'
import type { Strategy } from '../../engine/strategies/strategy'
import { sampleWorkloads } from '../../harness/arbitrary'
import { kernelObservingAll, newCampaign, runCampaign } from '../../harness/campaign'
import { shrink } from '../../harness/counterexample'
import { contractsWithIds, mutant } from '../../harness/registry'
import { reportOf } from '../../harness/report'
import { addTo, resultOf, shardsOf } from '../../harness/shards'
import { reference } from '../../harness/subject'
import { parseToken, replayStrictly, stepsDigest, toToken } from '../../harness/token'
import { runWorkload } from '../../harness/workload'
import { contracts } from '../../spec/registry'

export interface Said {
  /** The report as JSON, without what is volatile. */
  readonly report: string
  /** Of every step and event of every run. */
  readonly digest: string
  /** A counterexample that was found and shrunk, whole. */
  readonly counterexample: string
  /** Runs of the reference. */
  readonly tokens: readonly string[]
}

const seed = 1
const tokensMade = 200
/** Found after some hundred schedules. */
const planted = 'boolean-valid'
const plantedSchedules = 20_000

export function sayAll(runs: number): Said {
  const hash = createHash('sha256')
  return {
    report: reportFor(runs, hash),
    digest: hash.digest('hex'),
    counterexample: counterexample(),
    tokens: someTokens(),
  }
}

/** How many of the tokens lead to the steps that they were made from. */
export function countReplayed(tokens: readonly string[]): number {
  const kernel = kernelObservingAll([])
  return tokens.filter((token) => {
    try {
      return replayStrictly(kernel, parseToken(token)).steps.length > 0
    } catch {
      return false
    }
  }).length
}

function reportFor(runs: number, hash: Hash): string {
  const campaign = newCampaign(contracts)
  const strategy = (workload: number) => hashing(portfolio(workload), hash)
  for (const shard of shardsOf(seed, runs))
    addTo(campaign, resultOf(runCampaign({ contracts, patches: [], ...shard, strategy })))
  return JSON.stringify(
    reportOf({
      ...{ implementation: reference.name, seed, campaign, counterexamples: [] },
      ...{ tokens: new Map(), regressions: [], elapsedMs: 0 },
    }),
  )
}

/** A strategy that adds every run of its workload to a digest. */
function hashing(strategy: Strategy, hash: Hash): Strategy {
  return {
    name: strategy.name,
    begin: (seed) => strategy.begin(seed),
    learn(execution: Execution) {
      const { steps, events, widths, end } = execution
      hash.update(JSON.stringify([steps, events, widths, end]))
      strategy.learn?.(execution)
    },
  }
}

function counterexample(): string {
  const { expect, patches } = mutant(planted)
  const [contract] = contractsWithIds(expect)
  const { tallies } = runCampaign({
    ...{ contracts: [contract!], patches, seed, schedules: plantedSchedules },
    enough: (soFar) => soFar.tallies[0]!.failure !== null,
  })
  return JSON.stringify(shrink(contract!, tallies[0]!.failure!, patches, planted))
}

function someTokens(): string[] {
  const kernel = kernelObservingAll([])
  return sampleWorkloads(seed, tokensMade).map((workload, n) => {
    const execution = runWorkload(kernel, workload, stickyWalk(n), { labels: true })
    const { choices } = execution
    return toToken({ boot: reference.name, workload, choices, digest: stepsDigest(execution) })
  })
}
