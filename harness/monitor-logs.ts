/** Logs to judge monitors by: of runs that contracts object to, and of runs in which they are put to the test. */
import { difference } from 'lodash'
import { recorded } from '../engine/choice'
import { childSeed } from '../engine/random'
import { portfolio } from '../engine/strategies/portfolio'
import { watched } from '../engine/strategies/strategy'
import type { Patch } from '../engine/symbol'
import { judgeOf } from '../spec/judge'
import { contracts } from '../spec/registry'
import { sampleWorkloads } from './arbitrary'
import { kernelObservingAll, runCampaign, type Failure } from './campaign'
import { shrink } from './counterexample'
import type { Log } from './monitor-mutation'
import { contractsWithIds, mutant } from './registry'
import { runWorkload } from './workload'

const schedulesPerWorkload = 4

/** Of one mutant: the smallest run for its first contract, and the first run that each of them objects to. */
export function failingLogs(name: string, seed: number, schedules: number): Log[] {
  const { expect, patches, id } = mutant(name)
  const { tallies } = runCampaign({
    contracts: contractsWithIds(expect),
    ...{ patches, seed, schedules },
    enough: (soFar) => soFar.tallies.every(({ failure }) => failure !== null),
  })
  return tallies.flatMap(({ contract, failure }, n) => {
    if (!failure) return []
    const met = logOf(patches, failure)
    if (n > 0) return [met]
    return [logOf(patches, shrink(contract, failure, patches, id, { insight: false })), met]
  })
}

function logOf(
  patches: readonly Patch[],
  { workload, choices }: Pick<Failure, 'workload' | 'choices'>,
): Log {
  return runWorkload(kernelObservingAll(patches), workload, recorded(choices)).events
}

/** Runs of the reference, of which those are kept that show a witness for the first time. */
export function passingLogs(seed: number, workloads: number): Log[] {
  const kernel = kernelObservingAll([])
  const { judge } = judgeOf(contracts)
  const shown = new Set<string>()
  const kept: Log[] = []
  for (const [n, workload] of sampleWorkloads(seed, workloads).entries()) {
    const strategy = portfolio(n)
    for (let run = 0; run < schedulesPerWorkload; run++) {
      const choice = watched(strategy, strategy.begin(childSeed(childSeed(seed, n), run)))
      const execution = runWorkload(kernel, workload, choice)
      strategy.learn?.(execution)
      const witnesses = judge(execution.events).flatMap((finding, i) =>
        [...finding.witnesses.keys()].map((witness) => `${contracts[i]!.id} ${witness}`),
      )
      if (difference(witnesses, [...shown]).length === 0) continue
      for (const witness of witnesses) shown.add(witness)
      kept.push(execution.events)
    }
  }
  return kept
}
