/**
 * Regressions: counterexamples that were found once, tried again before every campaign.
 *
 * A token names the subject it was found on. There its choices lead to the same steps again; on another
 * subject they may lead elsewhere, and then the steps of the first are followed as well, as far as they are
 * possible. That takes a first subject that comes with the suite: of others the choices are all there is.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepRunning, recorded, relaxed } from '../engine/choice'
import { UsageError } from '../engine/errors'
import type { Execution } from '../engine/run'
import { judgeOf } from '../spec/judge'
import {
  kernelObservingAll,
  noteBadEnd,
  noteFailures,
  type Campaign,
  type CampaignOptions,
} from './campaign'
import type { Counterexample } from './counterexample'
import { mutantNames } from './registry'
import { reference, subjectNamed, type Subject } from './subject'
import { parseToken, stepsDigest, type Replayable } from './token'
import { runWorkload } from './workload'

export interface Regression {
  /** Its file's name. */
  readonly id: string
  /** The contract that objected. */
  readonly contract: string
  readonly token: string
  /** Where it comes from, and what it is about. */
  readonly note: string
}

export const regressionsFolder = join(__dirname, '..', 'fixtures', 'regressions')

/** All of them, by name; none if there is no such folder. */
export function readRegressions(folder: string): Regression[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => readRegression(join(folder, file), file.slice(0, -5)))
}

function readRegression(path: string, id: string): Regression {
  let parsed: Partial<Regression> | null
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8')) as Partial<Regression> | null
  } catch {
    throw new UsageError(`the regression ${path} is no complete JSON; restore it, or delete it`)
  }
  for (const field of ['contract', 'token', 'note'] as const)
    if (typeof parsed?.[field] !== 'string')
      throw new UsageError(`the regression ${path} has no "${field}"; restore it, or delete it`)
  const { contract, token, note } = parsed as Regression
  parseToken(token)
  return { id, contract, token, note }
}

/** What contracts objected to when a regression was tried. */
export interface Tried {
  readonly id: string
  readonly objections: readonly string[]
}

/** Tries regressions on a subject; what fails is noted as the campaign's first failure. */
export function tryRegressions(
  regressions: readonly Regression[],
  subject: Subject,
  campaign: Campaign,
  { begin, met, enough }: Pick<CampaignOptions, 'begin' | 'met' | 'enough'> = {},
): Tried[] {
  const contracts = campaign.tallies.map(({ contract }) => contract)
  const judge = judgeOf(contracts)
  const tried: Tried[] = []
  for (const [i, { id, token }] of regressions.entries()) {
    if (enough?.(campaign)) break
    const replayable = parseToken(token)
    const where = { workload: replayable.workload, schedule: 0 }
    const lost = begin?.(i, keepRunning)
    if (lost && 'kind' in lost) {
      noteBadEnd(campaign, lost.kind, { ...where, ...lost, choices: replayable.choices }, met)
      tried.push({ id, objections: [] })
      continue
    }
    const findings = runsOn(subject, replayable).map((execution) => {
      const found = judge.judge(execution.events)
      noteFailures(campaign, where, execution, found, met)
      return found
    })
    const objections = contracts.filter((_, i) =>
      findings.some((found) => found[i]!.objections.length > 0),
    )
    tried.push({ id, objections: objections.map((contract) => contract.id) })
  }
  return tried
}

/** Loads what regressions were found on, as far as it comes with the suite. */
export function loadSubjects(regressions: readonly Regression[]): void {
  for (const { token } of regressions) {
    const { boot } = parseToken(token)
    if (mutantNames().includes(boot)) subjectNamed(boot)
  }
}

/** The runs that a token stands for on a subject. */
function runsOn({ patches }: Subject, replayable: Replayable): Execution[] {
  const { boot, workload, choices, digest } = replayable
  const kernel = kernelObservingAll(patches)
  const same = runWorkload(kernel, workload, recorded(choices), { labels: true })
  if (stepsDigest(same) === digest) return [same]
  if (boot !== reference.name && !mutantNames().includes(boot)) return [same]
  const first = kernelObservingAll(subjectNamed(boot).patches)
  const { steps } = runWorkload(first, workload, recorded(choices), { labels: true })
  return [same, runWorkload(kernel, workload, relaxed(steps), { labels: true })]
}

/** Keeps a counterexample; the same one is kept once. */
export function saveRegression(
  folder: string,
  { contract, token, says }: Counterexample,
  seed: number,
): string {
  const { boot, digest } = parseToken(token)
  const path = join(folder, `${contract.toLowerCase()}-${digest}.json`)
  const note = `${says}; found on ${boot} with seed ${seed}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, `${JSON.stringify({ contract, token, note }, null, 2)}\n`)
  return path
}
