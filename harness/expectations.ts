/**
 * Known failures: a text file with a line for each, which names the contract, why it fails, and the run that shows it.
 *
 *     # comments stay
 *     HMM-23  why="one boolean" bug=https://bugs.example/7 replay=hmm1~...
 *
 * An entry stands for the smallest run that it replays and for nothing else: the same contract broken in another
 * way is a failure.
 */
import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from '../engine/errors'
import type { Regression, Tried } from './regressions'
import type { ContractReport, RunReport } from './report'
import { parseToken, toToken } from './token'

export interface Expectation {
  /** Its line in the file, from 1. */
  readonly line: number
  /** A contract, or a pattern such as `HMM-*`. */
  readonly pattern: string
  readonly why: string
  readonly bug: string
  readonly replay: string
}

/** `known`: it fails as expected. `stale`: its run passes. `unmatched`: no contract that is judged has this name. */
export interface Outcome {
  readonly expectation: Expectation
  readonly is: 'known' | 'stale' | 'unmatched'
}

const entry = /^(\S+)((?:\s+[a-z]+=(?:"[^"]*"|\S+))*)\s*$/
const member = /([a-z]+)=(?:"([^"]*)"|(\S+))/g

export function readExpectations(file: string): Expectation[] {
  if (!existsSync(file)) throw new UsageError(`there is no file of expectations ${file}`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, i) => (isEntry(text) ? [parseEntry(text, file, i + 1)] : []))
}

const isEntry = (text: string): boolean => text.trim() !== '' && !text.trim().startsWith('#')

function parseEntry(text: string, file: string, line: number): Expectation {
  const match = entry.exec(text.trim())
  const members = new Map(
    [...(match?.[2] ?? '').matchAll(member)].map(([, name, quoted, bare]) => [
      name,
      quoted ?? bare,
    ]),
  )
  const unknown = [...members.keys()].find((name) => !['why', 'bug', 'replay'].includes(name!))
  if (!match || unknown !== undefined)
    throw new UsageError(
      `line ${line} of ${file} is no expectation; one reads like: HMM-23 why="one boolean" replay=hmm1~...`,
    )
  const replay = members.get('replay')
  if (!replay)
    throw new UsageError(
      `line ${line} of ${file} has no replay=; copy the token under the counterexample`,
    )
  parseToken(replay)
  const [why = '', bug = ''] = [members.get('why'), members.get('bug')]
  return { line, pattern: match[1]!, why, bug, replay }
}

/** What is tried of expectations before the campaign. */
export function regressionsOf(expectations: readonly Expectation[]): Regression[] {
  return expectations.map(({ line, pattern, replay, why }) => ({
    ...{ id: `expectation ${line}`, contract: pattern, token: replay, note: why },
  }))
}

/** What became of each entry; `tried` are their own runs, in their order. */
export function outcomesOf(
  expectations: readonly Expectation[],
  tried: readonly Tried[],
  { contracts }: Pick<RunReport, 'contracts'>,
): Outcome[] {
  return expectations.map((expectation, i) => {
    const { pattern } = expectation
    if (!contracts.some(({ id }) => matches(pattern, id))) return { expectation, is: 'unmatched' }
    const fails = tried[i]?.objections.some((id) => matches(pattern, id)) ?? false
    return { expectation, is: fails ? 'known' : 'stale' }
  })
}

/** Contracts that fail as an entry says are expected to; whatever else fails, fails. */
export function withExpected(
  contracts: readonly ContractReport[],
  outcomes: readonly Outcome[],
): ContractReport[] {
  return contracts.map((report) => {
    const token = report.counterexample?.token
    if (report.verdict !== 'FAIL' || token === undefined) return report
    const isKnown = outcomes.some(
      ({ is, expectation: { pattern, replay } }) =>
        is === 'known' && matches(pattern, report.id) && isSameRun(replay, token),
    )
    return isKnown ? { ...report, verdict: 'XFAIL' } : report
  })
}

/** Whoever it was met on. */
function isSameRun(one: string, other: string): boolean {
  const [first, second] = [one, other].map((token) => toToken({ ...parseToken(token), boot: '' }))
  return first === second
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern
}

/** A report in the light of a file of known failures. */
export function expecting(report: RunReport, outcomes: readonly Outcome[]): RunReport {
  return {
    ...report,
    contracts: withExpected(report.contracts, outcomes),
    expectations: outcomes.map(({ is, expectation: { line, pattern } }) => ({ line, pattern, is })),
  }
}

/** What is wrong with the file, in lines. */
export function complaints(file: string, outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ is, expectation: { line, pattern } }) => {
    if (is === 'known') return []
    const says =
      is === 'stale'
        ? `STALE: the run that ${pattern} is expected to fail passes`
        : `UNMATCHED: no contract that is judged is called ${pattern}`
    return [`${file}:${line}: ${says}; --update-expectations takes the line out`]
  })
}

/** The file as it should be: entries that are stale or match nothing go, failures that it lacks come. */
export function updated(
  text: string,
  outcomes: readonly Outcome[],
  { contracts }: Pick<RunReport, 'contracts'>,
): string {
  const gone = new Set(
    outcomes.flatMap(({ is, expectation: { line } }) => (is === 'known' ? [] : [line])),
  )
  const kept = text.split('\n').filter((_, i) => !gone.has(i + 1))
  const added = contracts.flatMap(({ id, verdict, counterexample }) =>
    verdict === 'FAIL' && counterexample ? [`${id} why="" replay=${counterexample.token}`] : [],
  )
  const body = kept.join('\n').replace(/\n*$/, '')
  return [...(body === '' ? [] : [body]), ...added, ''].join('\n')
}
