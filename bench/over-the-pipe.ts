/**
 * The reference over the pipe: its own code of HMM and of the notifier core in a process of its own must give
 * the verdicts that it gives in process.
 *
 *   node bin/bench.js over-the-pipe [--workloads N] [--seed N] [--sets hmm,notifier-core] [--mutant NAME] [--json]
 */
import { join } from 'node:path'
import { UsageError } from '../engine/errors'
import { sampleWorkloads } from '../harness/arbitrary'
import { compare } from '../harness/pipe/compare'
import { endConnections } from '../harness/pipe/connection'
import { progressOf } from '../harness/progress'
import { contracts, mutant } from '../harness/registry'
import { setNamesOverPipe } from '../harness/sets'
import { subjectFromCommand } from '../harness/subject'
import { flag, numberOption, textOption } from './options'

const callMs = 20_000
const program = join(__dirname, '..', 'bin', 'reference.js')

export async function overThePipe(args: readonly string[]): Promise<void> {
  const workloads = numberOption(args, '--workloads', 1_000)
  if (workloads < 1) throw new UsageError('--workloads takes a whole number above 0')
  const seed = numberOption(args, '--seed', 1)
  const sets = (textOption(args, '--sets') ?? setNamesOverPipe.join(',')).split(',')
  const name = textOption(args, '--mutant')
  const rest = name === undefined ? [] : ['--mutant', name]
  const patches = name === undefined ? [] : mutant(name).patches
  const command = [process.execPath, program, ...sets, ...rest]
  const remote = subjectFromCommand({ command, callMs })
  const sampled = (['kernel', 'devices'] as const).flatMap((topic, n) =>
    sampleWorkloads(seed, Math.floor((workloads + n) / 2), topic),
  )
  const progress = progressOf(workloads, 'workloads')
  const began = performance.now()
  const compared = compare([patches, remote.patches], sampled, {
    ...{ contracts, seed, advance: () => progress.advance(1) },
  })
  progress.clear()
  const seconds = (performance.now() - began) / 1000
  await endConnections()
  const [inProcess] = compared.campaigns
  const result = {
    ...{ workloads: compared.workloads, events: compared.events, sets, mutant: name ?? null },
    seconds: Number(seconds.toFixed(1)),
    contracts: contracts.length,
    exercised: inProcess.tallies.filter(({ exercised }) => exercised > 0).length,
    objecting: inProcess.tallies.flatMap(({ contract, failure }) => (failure ? contract.id : [])),
    differences: compared.differences,
  }
  if (flag(args, '--json')) console.log(JSON.stringify(result, null, 2))
  else for (const line of linesOf(result)) console.log(line)
  process.exitCode = result.differences.length > 0 ? 1 : 0
}

interface Result {
  readonly workloads: number
  readonly events: number
  readonly sets: readonly string[]
  readonly seconds: number
  readonly contracts: number
  readonly exercised: number
  readonly objecting: readonly string[]
  readonly differences: readonly string[]
}

function linesOf(result: Result): string[] {
  const { workloads, events, sets, seconds, contracts, exercised, objecting, differences } = result
  return [
    ...differences,
    `${workloads} workloads, ${events} events, ${sets.join(' and ')} in process and over the pipe, in ${seconds} s`,
    `${exercised} of ${contracts} contracts put to the test; ${objecting.length === 0 ? 'none objects' : `objecting: ${objecting.join(', ')}`}`,
    differences.length === 0
      ? 'every verdict and every count is the same'
      : `${differences.length} differences`,
  ]
}
