/**
 * What the minimiser makes of large random failures of generic puzzles, held against the smallest failures
 * that there are, found by trying everything, and against fast-check's own shrinking.
 *
 *   npx ts-node -T bench/shrinking.ts [--seeds N] [--mutants [--only-mutants A,B] [--mutant-seeds N] [--workers N]] [--json] [PUZZLE|MUTANT...]
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { map, max, mean, min, range, sum } from 'lodash'
import { UsageError } from '../engine/errors'
import { mutantNames } from '../harness/registry'
// The registry declares symbols, and no program runs while one of them is not defined.
import '../harness/workload'
import { fewestOf, type Fewest } from './models/brute-force'
import { shrinkByFastCheck } from './models/fast-check'
import type { Puzzle } from './models/puzzle'
import { puzzles } from './models/puzzles'
import { resultsOf, sharesOfLeast, type Result } from './models/results'
import { shrinkByMinimiser, type Shrunk } from './models/start'
import { median, share } from './models/statistics'
import { progress } from './options'
import { inParallel } from './parallel'
import type { MutantFigures } from './shrinking-mutants'

export interface Figures {
  /** Seeds that had a failure to begin with, and runs as large that passed before. */
  readonly found: number
  readonly skipped: number
  /** Operations at the start, in the mean. */
  readonly start: number
  /** Shares of the results that have the fewest operations, and the fewest preemptions as well. */
  readonly fewestOperations: number
  readonly fewestBoth: number
  readonly distinct: number
  /** Medians: re-executions of the search, then of the certificate; milliseconds of both. */
  readonly evaluations: number
  readonly certificate: number | null
  readonly ms: number
  readonly evaluationsMax: number
  /** Share of the results with a certificate. */
  readonly certified: number | null
  readonly results: readonly Result[]
}

export interface PuzzleFigures {
  readonly puzzle: string
  readonly seeds: number
  readonly fewest: Fewest
  readonly minimiser: Figures
  readonly fastCheck: Figures
}

type Shrink = (puzzle: Puzzle, seed: number) => Shrunk | null

export function measureShrinking(
  seeds: number,
  chosen: readonly Puzzle[] = puzzles,
): PuzzleFigures[] {
  return chosen.map((puzzle) => {
    progress(`shrinking: ${puzzle.name}`)
    const fewest = fewestOf(puzzle)
    const figures = (shrink: Shrink) => figuresOf(puzzle, seeds, fewest, shrink)
    return {
      puzzle: puzzle.name,
      seeds,
      fewest,
      minimiser: figures(shrinkByMinimiser),
      fastCheck: figures(shrinkByFastCheck),
    }
  })
}

function figuresOf(puzzle: Puzzle, seeds: number, fewest: Fewest, shrink: Shrink): Figures {
  const shrunk = range(1, seeds + 1).flatMap((seed) => {
    const one = shrink(puzzle, seed)
    return one ? [{ ...one, seed }] : []
  })
  const certificates = shrunk.flatMap(({ certificate }) => certificate ?? [])
  const results = resultsOf(shrunk)
  return {
    found: shrunk.length,
    skipped: sum(shrunk.map(({ skipped }) => skipped)),
    start: mean(shrunk.map(({ start }) => start)),
    ...sharesOfLeast(shrunk, fewest),
    distinct: results.length,
    evaluations: median(shrunk.map(({ evaluations }) => evaluations)),
    certificate: certificates.length
      ? median(certificates.map(({ executions }) => executions))
      : null,
    ms: median(shrunk.map(({ ms }) => ms)),
    evaluationsMax: Math.max(...shrunk.map(({ evaluations }) => evaluations)),
    certified: certificates.length ? share(certificates, ({ certified }) => certified) : null,
    results,
  }
}

// ---- tables ------------------------------------------------------------------------------------------------

/** Rounded down, so that 100 means all; the addend is for what binary fractions lose. */
const percent = (of: number) => `${Math.floor(of * 1000 + 1e-6) / 10}`
const whole = (of: number | null) => (of === null ? '-' : of.toFixed(0))

/** A line of cells in columns of fixed widths: the first from the left, the others from the right. */
function line(widths: readonly number[], cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
    .join('')
    .trimEnd()
}

const puzzleWidths = [15, 5, 6, 6, 6, 6, 7, 8, 6, 8, 6, 6, 6, 7]

function puzzleTable(figures: readonly PuzzleFigures[]): string[] {
  const row = (...cells: string[]) => line(puzzleWidths, cells)
  const groups = `${''.padEnd(21)}${'minimise '.padEnd(44, '-')}   ${'fast-check alone '.padEnd(30, '-')}`
  const first = ['', 'few', 'start', '%', '% and', 'dis-', '', 'certi-', '']
  const second = ['puzzle', '-est', 'ops', 'ops', 'pre', 'tinct', 'search', 'ficate', 'ms']
  return [
    groups,
    row(...first, 'start', '%', '% and', 'dis-', ''),
    row(...second, 'ops', 'ops', 'pre', 'tinct', 'search'),
    ...figures.map(({ puzzle, fewest, minimiser: ours, fastCheck: theirs }) =>
      row(
        puzzle,
        `${fewest.operations}/${fewest.preemptions}`,
        ours.start.toFixed(1),
        percent(ours.fewestOperations),
        percent(ours.fewestBoth),
        whole(ours.distinct),
        whole(ours.evaluations),
        whole(ours.certificate),
        ours.ms.toFixed(1),
        theirs.start.toFixed(1),
        percent(theirs.fewestOperations),
        percent(theirs.fewestBoth),
        whole(theirs.distinct),
        whole(theirs.evaluations),
      ),
    ),
  ]
}

/** What the columns mean, and what they leave out. */
function legend(figures: readonly PuzzleFigures[], seeds: number): string[] {
  const total = (of: (one: PuzzleFigures) => number) => sum(figures.map(of))
  const runs = seeds * figures.length
  return [
    `${seeds} random failures for each puzzle, on 5 tasks; fewest operations/preemptions by brute force`,
    `(${total(({ fewest }) => fewest.executions)} schedules). search, certificate: re-executions; these and ms are medians.`,
    `failures found: ${total(({ minimiser }) => minimiser.found)} of ${runs} (${total(({ minimiser }) => minimiser.skipped)} passing runs skipped),`,
    `by fast-check ${total(({ fastCheck }) => fastCheck.found)} of ${runs} (${total(({ fastCheck }) => fastCheck.skipped)} skipped)`,
  ]
}

const mutantWidths = [31, 8, 6, 7, 7, 7, 6, 6, 6, 8, 8, 5, 7]

function mutantTable(figures: readonly MutantFigures[]): string[] {
  const row = (...cells: string[]) => line(mutantWidths, cells)
  const spread = (values: readonly number[]) => {
    const [least, most] = [min(values), max(values)]
    return least === undefined ? '-' : least === most ? `${least}` : `${least}-${most}`
  }
  return [
    row('', '', '', 'start', 'dis-', '', 'pre-', '%', '% and', '', 'certif.', 'cer-', ''),
    row(
      ...['mutant', 'rule', 'found', 'ops', 'tinct', 'ops', 'empt', 'least', 'pre'],
      ...['search', 'sched.', 'tif.', 'ms'],
    ),
    ...figures.map((one) =>
      row(
        one.mutant,
        one.contract,
        whole(one.found),
        one.found ? one.start.toFixed(1) : '-',
        whole(one.distinct),
        spread(map(one.results, 'operations')),
        spread(map(one.results, 'preemptions')),
        ...(one.found ? [percent(one.fewestOperations), percent(one.fewestBoth)] : ['-', '-']),
        ...(one.found ? [whole(one.evaluations), whole(one.schedules)] : ['-', '-']),
        whole(one.certified),
        one.found ? one.ms.toFixed(0) : '-',
      ),
    ),
  ]
}

/** What `names` are of `all`; all of them if no name was given. */
function chosenOf<T>(all: readonly T[], nameOf: (one: T) => string, names: readonly string[]): T[] {
  return all.filter((one) => names.length === 0 || names.includes(nameOf(one)))
}

/** Of every defect so many random failures, each shrunk. */
export async function measureMutants(
  names: readonly string[],
  seeds: number,
  workers: number,
): Promise<MutantFigures[]> {
  const all = names.map((name) => ({ name, seeds }))
  return inParallel('shrinkMutant', all, workers, ({ name }, count) =>
    progress(`shrinking: ${count} of ${names.length} mutants, ${name}`),
  )
}

export interface Shrinking {
  readonly puzzles: readonly PuzzleFigures[]
  readonly mutants: readonly MutantFigures[]
}

/** A number from 1. */
function wholeNumber(name: string, text: string): number {
  if (Number(text) >= 1) return Number(text)
  throw new UsageError(`${name} takes a number from 1, not "${text}"`)
}

export async function shrinking(args: readonly string[]): Promise<void> {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      mutants: { type: 'boolean', default: false },
      'mutant-seeds': { type: 'string' },
      'only-mutants': { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const seeds = wholeNumber('--seeds', values.seeds)
  const mutantSeeds = wholeNumber('--mutant-seeds', values['mutant-seeds'] ?? values.seeds)
  const workers = wholeNumber('--workers', values.workers)
  const figures = measureShrinking(
    seeds,
    chosenOf(puzzles, ({ name }) => name, names),
  )
  const chosen = chosenOf(
    values.mutants ? mutantNames() : [],
    (name) => name,
    values['only-mutants']?.split(',') ?? names,
  )
  const result: Shrinking = {
    puzzles: figures,
    mutants: await measureMutants(chosen, mutantSeeds, workers),
  }
  console.log(values.json ? JSON.stringify(result, null, 2) : table(result, seeds, mutantSeeds))
}

function table({ puzzles: figures, mutants }: Shrinking, seeds: number, each: number): string {
  return [
    ...(figures.length > 0 ? [...puzzleTable(figures), '', ...legend(figures, seeds), ''] : []),
    ...(mutants.length > 0 ? [`${each} campaigns for each mutant`, ...mutantTable(mutants)] : []),
  ]
    .join('\n')
    .trimEnd()
}

if (require.main === module) void shrinking(process.argv.slice(2))
