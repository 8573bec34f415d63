/** `mutants`: the kill matrix. Every planted defect is searched for by all contracts, and shrunk. */
import { difference } from 'lodash'
import { sizeText } from '../counterexample'
import type { MutantReport } from '../hunt'
import { inOrder } from '../in-order'
import { killsByContract } from '../kill-matrix'
import { noProgress, progressOf } from '../progress'
import { contracts, mutant, mutantNames } from '../registry'
import { tasksAtOnce, withWorkers, WorkerLost } from '../workers'
import { seedOf, wholeNumber, workersOf } from './options'
import { budgetDefault } from './run'

export interface MutantsArguments {
  readonly budget?: string
  readonly seed?: string
  readonly workers?: string
  readonly json?: boolean
}

export async function mutantsCommand(
  names: readonly string[],
  args: MutantsArguments,
): Promise<number> {
  const seed = seedOf(args.seed)
  const schedules = wholeNumber('--budget', args.budget, budgetDefault)
  const chosen = (names.length > 0 ? names : mutantNames()).map((name) => mutant(name).id)
  const workers = Math.min(workersOf(args.workers), chosen.length)
  const progress = args.json ? noProgress : progressOf(chosen.length, 'mutants')
  const reports: MutantReport[] = []
  await withWorkers({ workers, apart: true }, async (ask) => {
    const hunt = (name: string) =>
      ask('hunt', { name, seed, schedules }).catch((error: Error) => {
        if (!(error instanceof WorkerLost)) throw error
        throw new WorkerLost(error.kind, error.says, `the hunt for ${name}`)
      })
    for await (const report of inOrder(chosen, tasksAtOnce(workers), hunt)) {
      reports.push(report)
      progress.clear()
      if (!args.json) print(report)
      progress.advance(1)
    }
  }).finally(progress.clear)
  if (args.json) {
    const matrix = { seed, mutants: reports, contracts: killsByContract(contracts, reports) }
    console.log(JSON.stringify(matrix, null, 2))
  }
  return reports.some(
    ({ expected, killedBy, unexpected }) =>
      unexpected.length > 0 || difference(expected, killedBy).length > 0,
  )
    ? 1
    : 0
}

function print({
  id,
  expected,
  killedBy,
  unexpected,
  schedules,
  by,
  cases,
  ms,
}: MutantReport): void {
  const missed = difference(expected, killedBy)
  const verdict =
    missed.length > 0
      ? `SURVIVES ${missed.join(', ')}`
      : unexpected.length > 0
        ? `ALSO ${unexpected.join(', ')}`
        : 'killed'
  console.log(
    `${id.padEnd(34)} ${verdict} by ${killedBy.join(', ') || 'nobody'} in ${schedules} schedules, ${ms} ms${by && `, by ${by}`}`,
  )
  for (const { contract, token, ...size } of cases)
    console.log(`  ${contract}: ${sizeText(size)}  ${token}`)
}
