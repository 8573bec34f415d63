/** `run`: judge the reference or an implementation, and shrink what it breaks. */
import { readFileSync, writeFileSync } from 'node:fs'
import { uniqBy } from 'lodash'
import { UsageError } from '../../engine/errors'
import { causeTexts } from '../causes'
import type { Counterexample } from '../counterexample'
import {
  complaints,
  expecting,
  outcomesOf,
  readExpectations,
  regressionsOf,
  updated,
} from '../expectations'
import { reportPage } from '../html/report-page'
import { judgeSubject } from '../judge-subject'
import { noProgress, progressOf } from '../progress'
import { isObservable } from '../observable'
import { isIn, profileNamed, type Profile } from '../profiles'
import { contractsMatching } from '../registry'
import { regressionsFolder, saveRegression } from '../regressions'
import { formats, formatted, type Format } from '../report-formats'
import { endLines, rememberRun, tableOf, type RunReport } from '../report'
import { reference, subjectOf, type Subject } from '../subject'
import {
  budgetOf,
  foreignOf,
  runMsMaxOf,
  seedOf,
  type SubjectArguments,
  workersOf,
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
  /** A file of known failures. */
  readonly expect?: string
  readonly updateExpectations?: boolean
  /** A version of the documents, and a subsystem. */
  readonly profile?: string
  /** Formats, each with a file or for standard output. */
  readonly report?: readonly string[]
}

/** Runs of a campaign unless told. */
export const budgetDefault = 24_000

export async function runCommand(args: RunArguments): Promise<number> {
  const subject = subjectOf({ ...foreignOf(args), name: reference.name })
  const contracts = contractsMatching(args.contracts)
  const profile = args.profile === undefined ? undefined : profileNamed(args.profile)
  if (
    !contracts.some((contract) => isIn(contract, profile) && isObservable(contract, subject.hides))
  )
    return nothingToJudge(subject, profile)
  const outputs = (args.report ?? []).map(outputOf)
  const expectations = args.expect === undefined ? [] : readExpectations(args.expect)
  const seed = seedOf(args.seed)
  const budget = budgetOf(args.budget, budgetDefault)
  const workers = workersOf(args.workers)
  const folder = args.regressions ?? regressionsFolder
  const isQuiet = args.json === true || outputs.some(({ file }) => file === null)
  const progress = isQuiet
    ? noProgress
    : progressOf(budget.msMax === undefined ? budget.schedules : Infinity, 'schedules')
  const runMsMax = runMsMaxOf(args.runTimeout)
  const known = regressionsOf(expectations)
  const draws = outputs.some(({ format }) => format === 'html')
  const search = { seed, ...budget, workers, runMsMax, folder, progress }
  const plan = { ...search, contracts, profile, known, draws }
  const judged = await judgeSubject(subject, plan)
  const { counterexamples } = judged
  const outcomes = outcomesOf(expectations, judged.knownTried, judged.report)
  const report = args.expect === undefined ? judged.report : expecting(judged.report, outcomes)
  if (subject === reference && args.contracts === undefined && !profile) rememberRun(report)
  if (args.json) console.log(JSON.stringify(report, null, 2))
  else if (!isQuiet) print(report, counterexamples)
  for (const output of outputs) write(output, report, judged.sections)
  if (args.saveRegressions)
    for (const counterexample of uniqBy(counterexamples, 'token'))
      saveRegression(folder, counterexample, seed)
  if (args.expect === undefined) return exitCode(report, subject)
  for (const line of complaints(args.expect, outcomes)) console.error(line)
  if (args.updateExpectations)
    writeFileSync(args.expect, updated(readFileSync(args.expect, 'utf8'), outcomes, report))
  const isOld = outcomes.some(({ is }) => is !== 'known') && !args.updateExpectations
  const code = exitCode(report, subject)
  return code === 1 ? 1 : isOld ? staleExpectations : code
}

const staleExpectations = 3
const nothingRan = 4

function nothingToJudge({ name }: Subject, profile: Profile | undefined): number {
  const why = profile ? `in the profile ${profile.name} ` : ''
  console.error(`hmm-conformance: of the contracts asked for none ${why}can be heard on ${name}`)
  return nothingRan
}

/** A format, and the file that it goes to; null stands for standard output. */
interface Output {
  readonly format: Format
  readonly file: string | null
}

function outputOf(text: string): Output {
  const [name, ...file] = text.split('=')
  const format = formats.find((one) => one === name)
  if (!format || (file.join('=') === '' && file.length > 0))
    throw new UsageError(
      `--report takes ${formats.join(', ')}, with =FILE or without, not "${text}"`,
    )
  return { format, file: file.length === 0 ? null : file.join('=') }
}

function write({ format, file }: Output, report: RunReport, sections: readonly string[]): void {
  const text = format === 'html' ? reportPage(report, sections) : formatted(report, format)
  if (file === null) process.stdout.write(text)
  else writeFileSync(file, text)
}

function print(report: RunReport, counterexamples: readonly Counterexample[]): void {
  for (const text of causeTexts(counterexamples)) console.log(`${text}\n`)
  for (const line of endLines(report)) console.log(line)
  if (report.ends.length > 0) console.log()
  const asked = report.contracts.filter(({ verdict }) => verdict !== 'SKIP')
  for (const line of tableOf({ contracts: asked })) console.log(line)
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
