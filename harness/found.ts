/**
 * What a campaign has found, kept as it goes: `.hmm-conformance/found.jsonl`, one JSON line each.
 *
 * The first failure of each kind is noted as it was met, by the worker that met it, before its next run begins;
 * and again once it is shrunk. So a campaign that is killed leaves what it had.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { recorded } from '../engine/choice'
import { kernelObservingAll, type Failure } from './campaign'
import type { Counterexample } from './counterexample'
import { badEndKinds, type BadEnd } from './ends'
import type { Subject } from './subject'
import { endlessDigest, stepsDigest, toToken } from './token'
import { runWorkload, type Workload } from './workload'

export const foundFile = join('.hmm-conformance', 'found.jsonl')

/** A line of the file. */
export interface FoundLine {
  readonly implementation: string
  readonly seed: number
  /** The contract that objects, or how a run ended that no contract need object to. */
  readonly contract?: string
  readonly end?: string
  readonly shrunk: boolean
  readonly token: string
}

/** What is written of all that the workers of a campaign meet. */
export interface FoundLog {
  readonly subject: Subject
  /** The campaign's seed. */
  readonly seed: number
  /** Ids of the contracts, in their order. */
  readonly ids: readonly string[]
  /** Shared: 1 for each of them, and then each way to end, that was noted before. */
  readonly noted: Int32Array
}

/** Room to remember what was noted. */
export function nothingNoted(ids: readonly string[]): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (ids.length + badEndKinds.length)))
}

/** Notes a failure, unless one of its kind was noted before. */
export function noteMet(
  { subject, seed, ids, noted }: FoundLog,
  failure: Failure,
  by: number | BadEnd,
): void {
  const at = typeof by === 'number' ? by : ids.length + badEndKinds.indexOf(by)
  if (Atomics.exchange(noted, at, 1) === 1) return
  const what = typeof by === 'number' ? { contract: ids[by]! } : { end: by }
  append({
    implementation: subject.name,
    seed,
    ...what,
    shrunk: false,
    token: tokenOf(subject, failure, by),
  })
}

export function noteShrunk(implementation: string, seed: number, found: Counterexample): void {
  append({ implementation, seed, contract: found.contract, shrunk: true, token: found.token })
}

function append(line: FoundLine): void {
  mkdirSync(dirname(foundFile), { recursive: true })
  appendFileSync(foundFile, `${JSON.stringify(line)}\n`)
}

/** A failure as it was met. */
export function tokenOf(
  { name, patches }: Subject,
  { workload, choices }: Failure,
  by: number | BadEnd,
): string {
  const isWhole = by !== 'crash' && by !== 'hang' && by !== 'protocol'
  const digest = isWhole ? digestOf(patches, workload, choices) : endlessDigest
  return toToken({ boot: name, workload, choices, digest })
}

function digestOf(
  patches: Subject['patches'],
  workload: Workload,
  choices: readonly number[],
): string {
  const kernel = kernelObservingAll(patches)
  return stepsDigest(runWorkload(kernel, workload, recorded(choices), { labels: true }))
}
