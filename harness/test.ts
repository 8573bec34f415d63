/**
 * `npm test`: starts jest, judges the reference meanwhile, and says how both went.
 *
 * The last line is `N passed, N failed`: jest's tests and the contracts, each of which passes or fails.
 */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { escapeRegExp } from 'lodash'
import { UsageError } from '../engine/errors'
import { budgetDefault, sizeOf } from './commands/run'
import { wholeNumber, workersOf } from './commands/options'
import { causeTexts } from './causes'
import { judgeSubject } from './judge-subject'
import { progressOf } from './progress'
import { contractsMatching } from './registry'
import { regressionsFolder } from './regressions'
import { endLines, rememberRun, tableOf, type RunReport } from './report'
import { reference } from './subject'
import { WorkerLost } from './workers'

interface Options {
  readonly contracts?: string
  readonly budget?: string
  readonly seed?: string
  readonly workers?: string
  /** Enumerate as well what takes minutes. */
  readonly proofs?: boolean
  /** Only the contracts: no jest. */
  readonly contractsOnly?: boolean
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const jestProgram = require.resolve('jest/bin/jest')
const root = join(__dirname, '..')
const testsConfig = join(root, 'jest.config.js')
const proofsConfig = join(root, 'jest.proofs.config.js')
/** How the suite is built, and what people start: what no verdict on the reference rests on, and takes minutes. */
const leftToProofs = [
  'bench/',
  'harness/tidy.test.ts',
  ...['commands', 'export', 'html', 'pipe', 'trace'].map((folder) => `harness/${folder}/`),
]
const short = leftToProofs.flatMap((path) => [
  '--testPathIgnorePatterns',
  escapeRegExp(join(root, path)),
])
/** The same campaign every time: a fresh one is what `hmm-conformance run` is for. */
const seedDefault = 1
const usageError = 64
const ourFault = 70

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('npm test --')
    .option('--contracts <ids>', "judge only these, such as 'HMM-*,MMN-03'")
    .option('--budget <schedules>', 'how many schedules to run')
    .option('--seed <number>', 'what the campaign depends on')
    .option('--workers <number>', 'how many threads run schedules')
    .option(
      '--proofs',
      'also enumerate every schedule of many small workloads, and test commands, adapters and pages, for minutes',
    )
    .option('--contracts-only', 'do not run the tests of the suite itself')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(argv, { from: 'user' })
  const options = program.opts<Options>()
  const contracts = contractsMatching(options.contracts)
  const seed = wholeNumber('--seed', options.seed, seedDefault)
  const schedules = wholeNumber('--budget', options.budget, budgetDefault)
  // Jest runs beside.
  const workers = workersOf(options.workers, options.contractsOnly ? 0 : 1)

  const tests = options.contractsOnly
    ? Promise.resolve({ passed: 0, failed: 0, skipped: 0 })
    : runJest(options.proofs ? ['--config', proofsConfig] : ['--config', testsConfig, ...short])
  const { report, counterexamples } = await judgeSubject(reference, {
    ...{ contracts, seed, schedules, workers },
    folder: regressionsFolder,
    progress: progressOf(schedules, 'schedules'),
  })
  if (options.contracts === undefined) rememberRun(report)
  const counts = await tests
  for (const text of causeTexts(counterexamples)) console.log(`${text}\n`)
  for (const line of tableOf(report)) console.log(line)
  for (const line of endLines(report)) console.log(line)
  console.log(`\n${contracts.length} contracts over ${sizeOf(report)}`)
  if (!options.proofs && !options.contractsOnly)
    console.log(
      'The tests of commands, adapters, pages and benches are left to npm test -- --proofs.',
    )
  return close(addContracts(counts, report))
}

/** Runs jest beside us and reads its counts. */
function runJest(config: readonly string[]): Promise<Counts> {
  const results = join(tmpdir(), `hmm-conformance-jest-${process.pid}.json`)
  const child = spawn(
    process.execPath,
    [jestProgram, ...config, '--json', `--outputFile=${results}`, '--silent'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => {
      try {
        const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } =
          JSON.parse(readFileSync(results, 'utf8')) as Record<string, number>
        rmSync(results)
        resolve({
          passed: numPassedTests!,
          failed: numFailedTests! + numRuntimeErrorTestSuites!,
          skipped: numPendingTests!,
        })
      } catch (error) {
        reject(error as Error)
      }
    })
  })
}

function addContracts(counts: Counts, { contracts, ends }: RunReport): Counts {
  const passed = contracts.filter(({ verdict }) => verdict === 'PASS').length
  return {
    passed: counts.passed + passed,
    failed: counts.failed + (contracts.length - passed) + ends.length,
    skipped: counts.skipped,
  }
}

function close({ passed, failed, skipped }: Counts): number {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed > 0 ? 1 : 0
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const usage = error instanceof UsageError || error instanceof CommanderError
    if (error instanceof CommanderError && error.exitCode === 0) return
    const said = usage || error instanceof WorkerLost
    console.error(said ? `npm test: ${(error as Error).message.replace(/^error: /, '')}` : error)
    process.exitCode = usage ? usageError : ourFault
  },
)
