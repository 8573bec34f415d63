/**
 * Programs over the pipe: how many lines go back and forth in a second, by language, and how long it takes to shrink
 * a crash and a hang to their smallest workload.
 *
 *   node bin/bench.js programs [--seconds N] [--json]
 */
import { UsageError } from '../engine/errors'
import { runCampaign } from '../harness/campaign'
import { effortOn, shrink } from '../harness/counterexample'
import { endContracts } from '../harness/ends'
import { endConnections } from '../harness/pipe/connection'
import { faulty, removeBuilt, sample, workloads } from '../harness/pipe/fixtures/programs'
import { budgetsDefault, Program } from '../harness/pipe/program'
import { contractsMatching } from '../harness/registry'
import { subjectFromCommand } from '../harness/subject'
import { flag, numberOption } from './options'

const languages = { Node: 'range-valid.js', Python: 'hmm.py', C: 'mmu_notifier.c' }
const shrinkLimits = { crash: 5, hang: 15 }

export async function programs(args: readonly string[]): Promise<void> {
  const seconds = numberOption(args, '--seconds', 2)
  if (seconds < 1) throw new UsageError('--seconds takes a whole number above 0')
  try {
    const roundTrips = Object.entries(languages).map(([language, file]) => ({
      language,
      perSecond: roundTripsOf(file, seconds),
    }))
    const shrunk = (['crash', 'hang'] as const).map(shrinkingOf)
    if (flag(args, '--json')) return console.log(JSON.stringify({ roundTrips, shrunk }, null, 2))
    for (const { language, perSecond } of roundTrips)
      console.log(`${language}: ${perSecond} lines there and back in a second`)
    for (const { kind, seconds: took, operations, limit } of shrunk)
      console.log(
        `a ${kind} shrunk to ${operations} operations in ${took} s (${limit} are wanted at most)`,
      )
  } finally {
    await endConnections()
    removeBuilt()
  }
}

function roundTripsOf(file: string, seconds: number): number {
  const program = new Program(sample(file).command, budgetsDefault)
  program.restart()
  let count = 0
  const began = performance.now()
  while (performance.now() - began < 1000 * seconds) {
    for (let i = 0; i < 100; i++) program.echo(i)
    count += 100
  }
  return Math.round(count / ((performance.now() - began) / 1000))
}

function shrinkingOf(kind: 'crash' | 'hang') {
  const subject = subjectFromCommand(faulty(kind, 0, 1_000))
  const { patches, name } = subject
  const effort = effortOn(subject, kind)
  const options = { contracts: contractsMatching('HMM-01'), patches, seed: 5, schedules: 8 }
  const { badEnds } = runCampaign({ ...options, workloads })
  const failure = badEnds.get(kind)!.first
  const began = performance.now()
  const { operations } = shrink(endContracts.get(kind)!, failure, patches, name, effort)
  const took = Number(((performance.now() - began) / 1000).toFixed(1))
  return { kind, seconds: took, operations, limit: shrinkLimits[kind] }
}
