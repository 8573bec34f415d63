/** `mutants`: the kill matrix. Every planted defect is searched for by all contracts, and shrunk. */
import { difference } from 'lodash'
import { runCampaign, type Campaign } from '../campaign'
import { shrink } from '../counterexample'
import type { PatchSet } from '../patch-set'
import { contracts, mutant, mutantNames } from '../registry'
import { seedOf, wholeNumber } from './options'
import { budgetDefault } from './run'

export interface MutantReport {
  readonly id: string
  readonly cites: readonly string[]
  readonly expected: readonly string[]
  readonly killedBy: readonly string[]
  /** Contracts that objected and are neither expected nor allowed to. */
  readonly unexpected: readonly string[]
  /** Schedules until the last of the expected contracts had objected. */
  readonly schedules: number
  readonly operations: number
  readonly preemptions: number
  readonly token: string
  /** Volatile. */
  readonly ms: number
}

export interface MutantsArguments {
  readonly budget?: string
  readonly seed?: string
  readonly json?: boolean
}

export function mutantsCommand(names: readonly string[], args: MutantsArguments): number {
  const seed = seedOf(args.seed)
  const schedules = wholeNumber('--budget', args.budget, budgetDefault)
  const chosen = (names.length > 0 ? names : mutantNames()).map(mutant)
  const reports = chosen.map((patchSet) => {
    const report = hunt(patchSet, seed, schedules)
    if (!args.json) print(report)
    return report
  })
  if (args.json) console.log(JSON.stringify({ seed, mutants: reports }, null, 2))
  return reports.some(
    ({ expected, killedBy, unexpected }) =>
      unexpected.length > 0 || difference(expected, killedBy).length > 0,
  )
    ? 1
    : 0
}

/** Searches until every expected contract has objected, and shrinks the first one's case. */
export function hunt(
  { id, cites, expect, may, patches }: PatchSet,
  seed: number,
  schedules: number,
): MutantReport {
  const began = Date.now()
  const campaign = runCampaign({
    contracts,
    patches,
    seed,
    schedules,
    enough: (soFar) => expect.every((wanted) => objecting(soFar).includes(wanted)),
  })
  const ms = Date.now() - began
  const killedBy = objecting(campaign)
  const first = campaign.tallies.find(
    ({ contract, failure }) => failure !== null && contract.id === expect[0],
  )
  const smallest = first?.failure ? shrink(first.contract, first.failure, patches, id) : null
  return {
    ...{ id, cites, expected: expect, killedBy },
    unexpected: difference(killedBy, expect, Object.keys(may)),
    schedules: campaign.schedules,
    operations: smallest?.operations ?? 0,
    preemptions: smallest?.preemptions ?? 0,
    token: smallest?.token ?? '',
    ms,
  }
}

function objecting({ tallies }: Campaign): string[] {
  return tallies.filter(({ failure }) => failure !== null).map(({ contract }) => contract.id)
}

function print({
  id,
  expected,
  killedBy,
  unexpected,
  schedules,
  operations,
  preemptions,
  ms,
  token,
}: MutantReport): void {
  const missed = difference(expected, killedBy)
  const verdict =
    missed.length > 0
      ? `SURVIVES ${missed.join(', ')}`
      : unexpected.length > 0
        ? `ALSO ${unexpected.join(', ')}`
        : 'killed'
  console.log(
    `${id.padEnd(34)} ${verdict} by ${killedBy.join(', ') || 'nobody'} in ${schedules} schedules, ${ms} ms`,
  )
  if (token) console.log(`  ${operations} operations, ${preemptions} preemptions  ${token}`)
}
