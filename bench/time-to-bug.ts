/**
 * Schedules until a mutant is found, by strategy: the portfolio against every strategy alone.
 *
 *   node bin/bench.js time-to-bug [--mutants A,B | --diagrams] [--portfolio] [--campaigns N] [--cap N]
 *                                 [--budget N] [--slow N] [--workers N] [--json]
 *
 * On the mutants that the documents' diagrams boot the portfolio makes all its campaigns. Everywhere else
 * campaigns end once a strategy has had its budget of schedules, and a strategy alone is stopped after four
 * times what the portfolio takes in the mean. What was stopped counts as found, which favours the strategy,
 * and the best of many means of few campaigns is better than it is by luck: the ratios are upper bounds.
 */
import { mean, minBy, sortBy, uniq } from 'lodash'
import { availableParallelism } from 'node:os'
import { strategies } from '../engine/strategies/portfolio'
import { fixtureNames, readFixture } from '../harness/fixture'
import { mutantNames } from '../harness/registry'
import { flag, numberOption, progress, textOption } from './options'
import { inParallel } from './parallel'
import type { MutantTime, Sampling } from './time-to-bug-mutant'

export interface TimeToBug extends MutantTime {
  /** The strategy with the least mean alone, and the portfolio's mean over its; null if none was tried. */
  readonly best: string | null
  readonly ratio: number | null
}

export interface TimesToBug {
  readonly campaigns: number
  readonly cap: number
  readonly budget: number
  readonly slow: number
  /** How many strategies there are to compare with. */
  readonly strategies: number
  readonly rows: readonly TimeToBug[]
  /** Of the ratios. */
  readonly geometricMean: number
  readonly worst: number
}

export type Plan = Omit<Sampling, 'mutant' | 'whole'> & { readonly workers: number }

export async function measureTimeToBug(names: readonly string[], plan: Plan): Promise<TimesToBug> {
  const { workers, ...sampling } = plan
  const diagrams = new Set(diagramMutants())
  const all = names.map((name) => ({ ...sampling, mutant: name, whole: diagrams.has(name) }))
  // Those with the most campaigns first, so that no thread is left with one of them at the end.
  const measured = await inParallel(
    'measureMutant',
    sortBy(all, ({ whole }) => !whole),
    workers,
    ({ mutant }, count) => progress(`time-to-bug: ${count} of ${names.length}, ${mutant}`),
  )
  const rows = sortBy(measured, ({ mutant }) => names.indexOf(mutant)).map(compared)
  const ratios = rows.flatMap(({ ratio }) => ratio ?? [])
  const { campaigns, cap, budget, slow } = plan
  return {
    ...{ campaigns, cap, budget, slow, strategies: strategies.length, rows },
    geometricMean: Math.exp(mean(ratios.map(Math.log))),
    worst: Math.max(...ratios),
  }
}

function compared(row: MutantTime): TimeToBug {
  const best = minBy(row.alone, 'mean')
  return {
    ...row,
    best: best?.strategy ?? null,
    ratio: best ? row.portfolio.mean / best.mean : null,
  }
}

/** The mutants that the documents' diagrams boot. */
export function diagramMutants(): readonly string[] {
  return uniq(fixtureNames(['documents']).map((name) => readFixture(name).boot)).filter((name) =>
    mutantNames().includes(name),
  )
}

function table({ campaigns, cap, rows, geometricMean, worst }: TimesToBug): string {
  return [
    `mean schedules to bug, at most ${campaigns} campaigns of at most ${cap}; (missed or stopped)`,
    ...rows.flatMap(({ mutant: name, portfolio, alone, ratio }) => [
      `${name}: ${ratio === null ? 'portfolio only' : `portfolio / best = ${ratio.toFixed(2)}`}`,
      ...[portfolio, ...alone].map(
        ({ strategy, mean: schedules, missed }) =>
          `  ${strategy.padEnd(14)}${schedules.toFixed(0).padStart(7)}${missed ? ` (${missed})` : ''}`,
      ),
    ]),
    `geometric mean ${geometricMean.toFixed(2)}, worst ${worst.toFixed(2)}`,
  ].join('\n')
}

export async function timeToBug(args: readonly string[]): Promise<void> {
  const chosen = textOption(args, '--mutants')?.split(',')
  const names = chosen ?? (flag(args, '--diagrams') ? diagramMutants() : mutantNames())
  const result = await measureTimeToBug(names, {
    campaigns: numberOption(args, '--campaigns', 60),
    cap: numberOption(args, '--cap', 5_000),
    budget: numberOption(args, '--budget', 150),
    slow: numberOption(args, '--slow', 300),
    alone: !flag(args, '--portfolio'),
    workers: numberOption(args, '--workers', availableParallelism()),
  })
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : table(result))
}
