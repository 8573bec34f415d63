/** `run`: judge the reference or an implementation, and shrink what it breaks. */
import { uniqBy } from 'lodash'
import { causeTexts } from '../causes'
import type { Counterexample } from '../counterexample'
import { judgeSubject } from '../judge-subject'
import { noProgress, progressOf } from '../progress'
import { contractsMatching } from '../registry'
import { regressionsFolder, saveRegression } from '../regressions'
import { endLines, rememberRun, tableOf, type RunReport } from '../report'
import { reference, subjectOf, type Subject } from '../subject'
import {
  foreignOf,
  runMsMaxOf,
  seedOf,
  wholeNumber,
  workersOf,
  type SubjectArguments,
} from './options'

export interface RunArguments extends SubjectArguments {
  readonly contracts?: string
  readonly budget?: string
  readonly seed?: string
  readonly workers?: string
  /** Seconds. */
  readonly runTimeout?: string
  /** Folder of the regressions. */
  readonly regressions?: string
  readonly saveRegressions?: boolean
  readonly json?: boolean
}

/** Runs of a campaign unless told. */
export const budgetDefault = 20_000

export async function runCommand(args: RunArguments): Promise<number> {
  const subject = subjectOf({ ...foreignOf(args), name: reference.name })
  const contracts = contractsMatching(args.contracts)
  const seed = seedOf(args.seed)
  const schedules = wholeNumber('--budget', args.budget, budgetDefault)
  const workers = workersOf(args.workers)
  const folder = args.regressions ?? regressionsFolder
  const progress = args.json ? noProgress : progressOf(schedules, 'schedules')
  const runMsMax = runMsMaxOf(args.runTimeout)
  const plan = { contracts, seed, schedules, workers, runMsMax, folder, progress }
  const { report, counterexamples } = await judgeSubject(subject, plan)
  if (subject === reference && args.contracts === undefined) rememberRun(report)
  if (args.json) console.log(JSON.stringify(report, null, 2))
  else print(report, counterexamples)
  if (args.saveRegressions)
    for (const counterexample of uniqBy(counterexamples, 'token'))
      saveRegression(folder, counterexample, seed)
  return exitCode(report, subject)
}

function print(report: RunReport, counterexamples: readonly Counterexample[]): void {
  for (const text of causeTexts(counterexamples)) console.log(`${text}\n`)
  for (const line of endLines(report)) console.log(line)
  if (report.ends.length > 0) console.log()
  for (const line of tableOf(report)) console.log(line)
  console.log(`\n${report.implementation}: ${sizeOf(report)}`)
}

/** What a verdict rests on. */
export function sizeOf({ schedules, exhausted, repeated, regressions, seed }: RunReport): string {
  return `${schedules} schedules (all of ${exhausted} small workloads; ${repeated} taken twice) and ${regressions.length} regressions, seed ${seed}`
}

/** 0 fine, 1 violation, 2 vacuous. An implementation need not exercise everything: only the reference must. */
export function exitCode({ contracts, ends }: RunReport, subject: Subject): number {
  if (contracts.some(({ verdict }) => verdict === 'FAIL') || ends.length > 0) return 1
  return subject === reference && contracts.some(({ verdict }) => verdict === 'VACUOUS') ? 2 : 0
}
