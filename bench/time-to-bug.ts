/**
 * Schedules until a mutant is found, by strategy: the portfolio against every strategy alone.
 *
 *   node bin/bench.js time-to-bug [--campaigns N] [--cap N] [--all | --mutants A,B] [--portfolio] [--json]
 *
 * A campaign that does not find the mutant counts as the cap, so means are lower bounds then.
 */
import { mean, range, uniq } from 'lodash'
import { portfolio, strategies } from '../engine/strategies/portfolio'
import type { Strategy } from '../engine/strategies/strategy'
import { runCampaign } from '../harness/campaign'
import { fixtureNames, readFixture } from '../harness/fixture'
import { contracts, mutant, mutantNames } from '../harness/registry'
import { flag, numberOption, textOption } from './options'

interface Cell {
  readonly strategy: string
  /** Mean schedules until the mutant was found. */
  readonly schedules: number
  readonly missed: number
}

export interface TimeToBug {
  readonly mutant: string
  readonly cells: readonly Cell[]
  /** The portfolio's schedules over those of the best single strategy. */
  readonly ratio: number
}

/** Strategies that are compared; the portfolio comes first. */
const compared: readonly ((workload?: number) => Strategy)[] = [portfolio, ...strategies]

export function measureTimeToBug(
  names: readonly string[],
  campaigns: number,
  cap: number,
  strategiesCompared = compared,
): TimeToBug[] {
  return names.map((name) => {
    const cells = strategiesCompared.map((make) => measureStrategy(name, make, campaigns, cap))
    const [own, ...single] = cells
    const best = Math.min(
      ...(single.length > 0 ? single : [own!]).map(({ schedules }) => schedules),
    )
    return { mutant: name, cells, ratio: own!.schedules / best }
  })
}

function measureStrategy(
  name: string,
  make: (workload?: number) => Strategy,
  campaigns: number,
  cap: number,
): Cell {
  const { expect, patches } = mutant(name)
  const wanted = contracts.findIndex(({ id }) => id === expect[0])
  const found = range(1, campaigns + 1).map((seed) => {
    const { tallies, schedules } = runCampaign({
      contracts,
      patches,
      seed,
      schedules: cap,
      strategy: make,
      enough: (soFar) => soFar.tallies[wanted]!.failure !== null,
    })
    return { schedules, missed: tallies[wanted]!.failure === null }
  })
  return {
    strategy: make().name,
    schedules: mean(found.map(({ schedules }) => schedules)),
    missed: found.filter(({ missed }) => missed).length,
  }
}

/** Geometric mean of the ratios, and the worst. */
export function summary(rows: readonly TimeToBug[]): { geometricMean: number; worst: number } {
  const logs = rows.map(({ ratio }) => Math.log(ratio))
  return { geometricMean: Math.exp(mean(logs)), worst: Math.max(...rows.map((row) => row.ratio)) }
}

export function timeToBug(args: readonly string[]): void {
  const campaigns = numberOption(args, '--campaigns', 60)
  const cap = numberOption(args, '--cap', 5_000)
  const diagrams = uniq(fixtureNames().map((name) => readFixture(name).boot))
  const chosen = textOption(args, '--mutants')?.split(',')
  const names = chosen ?? (flag(args, '--all') ? mutantNames() : diagrams)
  const only = flag(args, '--portfolio') ? [portfolio] : compared
  const rows = measureTimeToBug(names, campaigns, cap, only)
  const result = { campaigns, cap, rows, ...summary(rows) }
  if (flag(args, '--json')) return void console.log(JSON.stringify(result, null, 2))
  console.log(`mean schedules to bug, ${campaigns} campaigns of at most ${cap}; (missed)`)
  for (const { mutant: name, cells, ratio } of rows) {
    console.log(`${name}: portfolio / best = ${ratio.toFixed(2)}`)
    for (const { strategy, schedules, missed } of cells)
      console.log(
        `  ${strategy.padEnd(14)}${schedules.toFixed(0).padStart(7)}${missed ? ` (${missed})` : ''}`,
      )
  }
  console.log(`geometric mean ${result.geometricMean.toFixed(2)}, worst ${result.worst.toFixed(2)}`)
}
