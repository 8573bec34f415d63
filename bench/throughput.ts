/**
 * Complete schedules per second and schedules to a bug: the engine, fast-check's scheduler and SPIN on one
 * small model, the HMM range of `bench/models`.
 *
 *   npx ts-node -T bench/throughput.ts [--rounds N] [--seeds N] [--install-spin] [--json]
 *
 * Contenders take turns, round by round, and the median round counts. Before anything is measured the two
 * programs are checked against each other, step by step. SPIN is called if it is installed, from
 * Debian if `--install-spin` asks for it.
 */
import { performance } from 'node:perf_hooks'
import { mean, range, sumBy } from 'lodash'
import type { Choice } from '../engine/choice'
import { enumerate } from '../engine/enumerate'
import { explore } from '../engine/explore'
import { childSeed } from '../engine/random'
import { portfolio } from '../engine/strategies/portfolio'
import { randomWalks } from '../engine/strategies/random-walk'
import type { Strategy } from '../engine/strategies/strategy'
import {
  drawnContenders,
  engineContender,
  schedulerContenders,
  schedulerFinds,
} from './models/contenders'
import { checkParity, type Parity } from './models/parity'
import { large, medium, runInEngine, small, type Defect, type Size } from './models/range'
import { alternate, ratioOf, type Rate } from './models/rounds'
import { installSpin, runSpin, spinVersion } from './models/spin'
import { median } from './models/statistics'
import type {
  SizeThroughput,
  Exhausted,
  Explored,
  Finder,
  ToBug,
  Spin,
  Throughput,
} from './models/throughput-result'
import { throughputTable } from './models/throughput-table'
import { flag, numberOption, progress } from './options'

const millisecondsPerBatch = 100
const paritySchedules = 200
const schedulesToBugMax = 20_000
const enumerateMax = 50_000
const enumerateRepeats = 5

async function measureSize(size: Size, rounds: number): Promise<SizeThroughput> {
  const contenders = [engineContender(size), ...drawnContenders(size), ...schedulerContenders(size)]
  const rates = await alternate(contenders, rounds, millisecondsPerBatch)
  const engineOver = (rate: Rate) => ratioOf(rates[0]!, rate)
  return {
    size: size.name,
    rows: rates.map(({ rounds: _, ...rate }, at) => ({
      ...rate,
      engineOver: engineOver(rates[at]!),
    })),
  }
}

/** Every schedule of the correct model, whatever its preemptions, up to a cap. */
function exhaust(size: Size): Exhausted {
  let longest = 0
  const execute = (choice: Choice) => {
    const { execution, world } = runInEngine(size, 'none', choice)
    if (world.stale) throw new Error('the correct model failed')
    longest = Math.max(longest, execution.steps.length)
    return execution
  }
  const once = () => {
    const began = performance.now()
    const { executions, complete } = enumerate(execute, Infinity, enumerateMax, () => false)
    return { executions, complete, milliseconds: performance.now() - began }
  }
  const { executions, complete, milliseconds: first } = once()
  const again = complete ? range(enumerateRepeats).map(() => once().milliseconds) : [first]
  return {
    size: size.name,
    schedules: executions,
    complete,
    longest,
    milliseconds: median(again),
  }
}

/** What SPIN does, done by the engine: one schedule of every trace class, until the defect shows. */
function exploreOnce(size: Size, defect: Defect): Explored {
  let found = false
  const execute = (choice: Choice) => {
    const { execution, world } = runInEngine(size, defect, choice)
    found ||= world.stale
    return execution
  }
  const began = performance.now()
  const { classes, executions } = explore(execute, enumerateMax, () => found)
  const milliseconds = performance.now() - began
  return { size: size.name, defect, classes, executions, found, milliseconds }
}

/** The median of some searches by time. */
function exploreModel(size: Size, defect: Defect): Explored {
  const all = range(enumerateRepeats).map(() => exploreOnce(size, defect))
  return { ...all[0]!, milliseconds: median(all.map(({ milliseconds }) => milliseconds)) }
}

function engineFinds(size: Size, defect: Defect, seed: number, strategy: Strategy) {
  for (let n = 0; n < schedulesToBugMax; n++) {
    const { execution, world } = runInEngine(size, defect, strategy.begin(childSeed(seed, n)))
    if (world.stale) return { schedules: n + 1, found: true }
    strategy.learn?.(execution)
  }
  return { schedules: schedulesToBugMax, found: false }
}

function summary(found: readonly { schedules: number; found: boolean }[]): Finder {
  const counts = found.map(({ schedules }) => schedules)
  const meanSchedules = mean(counts)
  const squares = sumBy(counts, (count) => (count - meanSchedules) ** 2)
  return {
    meanSchedules,
    standardError: Math.sqrt(squares / Math.max(1, counts.length - 1) / counts.length),
    missed: found.filter((one) => !one.found).length,
  }
}

async function measureToBug(size: Size, defect: Defect, seeds: number): Promise<ToBug> {
  const all = range(1, seeds + 1)
  const theirs = []
  for (const seed of all) theirs.push(await schedulerFinds(size, defect, seed, schedulesToBugMax))
  return {
    size: size.name,
    defect,
    walk: summary(all.map((seed) => engineFinds(size, defect, seed, randomWalks()))),
    portfolio: summary(all.map((seed) => engineFinds(size, defect, seed, portfolio()))),
    scheduler: summary(theirs),
  }
}

/** Null where SPIN or a C compiler is not installed. Throws if its model is not that of the engine. */
function measureSpin({ longest }: Exhausted): Spin | null {
  const version = spinVersion()
  if (version === null) return null
  const found = {
    version,
    small: runSpin([], 16),
    smallWithDefect: runSpin(['BOOLEAN'], 16),
    medium: runSpin(['MEDIUM'], 22),
  }
  // Over a schedule's steps SPIN counts the one that starts the processes, and the end of each of the three.
  if (found.small[1]!.depth !== longest + 4)
    throw new Error('the longest schedules of SPIN and of the engine differ in length')
  if ([...found.small, ...found.medium].some(({ errors }) => errors > 0))
    throw new Error('SPIN finds an error in the correct model')
  if (found.smallWithDefect.some(({ errors }) => errors === 0))
    throw new Error('SPIN does not find the defect')
  return found
}

export async function measureThroughput(rounds = 21, seeds = 100): Promise<Throughput> {
  const sizes = [small, large]
  const parity: Parity[] = []
  const rates: SizeThroughput[] = []
  const toBug: ToBug[] = []
  for (const size of sizes) parity.push(await checkParity(size, paritySchedules))
  for (const size of sizes) {
    progress(`throughput: ${size.name} model, ${rounds} rounds`)
    rates.push(await measureSize(size, rounds))
  }
  progress(`throughput: schedules to the planted bug, ${seeds} seeds`)
  for (const size of sizes)
    for (const defect of ['unchecked', 'boolean'] as const)
      toBug.push(await measureToBug(size, defect, seeds))
  const exhausted = [small, medium].map(exhaust)
  const explored = (['none', 'boolean'] as const).map((defect) => exploreModel(small, defect))
  progress('throughput: SPIN')
  const spin = measureSpin(exhausted[0]!)
  return { rounds, seeds, parity, throughput: rates, exhausted, explored, spin, toBug }
}

export async function throughput(args: readonly string[]): Promise<void> {
  const rounds = numberOption(args, '--rounds', 21)
  const seeds = numberOption(args, '--seeds', 100)
  if (flag(args, '--install-spin')) installSpin()
  const result = await measureThroughput(rounds, seeds)
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : throughputTable(result))
}

if (require.main === module) void throughput(process.argv.slice(2))
