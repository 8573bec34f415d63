/**
 * What a campaign has found, kept as it goes: `.hmm-conformance/found.jsonl`, one JSON line each.
 *
 * A failure is noted as it was met as soon as the shard is over that met it, and again once it is shrunk; so
 * a campaign that is killed leaves what it had.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { recorded } from '../engine/choice'
import { kernelObservingAll, type Failure } from './campaign'
import type { Counterexample } from './counterexample'
import type { ShardResult } from './shards'
import type { Subject } from './subject'
import { stepsDigest, toToken } from './token'
import { runWorkload } from './workload'

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

export interface FoundLog {
  /** Notes what a shard met and no shard before it had. */
  met(result: Omit<ShardResult, 'schedules'>): void
  shrunk(counterexample: Counterexample): void
}

/** Nothing is written until something is found. `ids` are the contracts' in the order of the counts. */
export function foundLog(subject: Subject, seed: number, ids: readonly string[]): FoundLog {
  const known = new Set<string>()
  const append = (line: Omit<FoundLine, 'implementation' | 'seed'>) => {
    mkdirSync(dirname(foundFile), { recursive: true })
    const whole: FoundLine = { implementation: subject.name, seed, ...line }
    appendFileSync(foundFile, `${JSON.stringify(whole)}\n`)
  }
  const note = (failure: Failure | null, what: { contract: string } | { end: string }) => {
    const key = Object.values(what)[0]!
    if (!failure || known.has(key)) return
    known.add(key)
    append({ ...what, shrunk: false, token: tokenOf(subject, failure) })
  }
  return {
    met({ counts, badEnds }) {
      counts.forEach(({ failure }, i) => note(failure, { contract: ids[i]! }))
      for (const [end, { first }] of badEnds) note(first, { end })
    },
    shrunk({ contract, token }) {
      append({ contract, shrunk: true, token })
    },
  }
}

/** A failure as it was met. */
export function tokenOf({ name, patches }: Subject, { workload, choices }: Failure): string {
  const execution = runWorkload(kernelObservingAll(patches), workload, recorded(choices), {
    labels: true,
  })
  return toToken({ boot: name, workload, choices, digest: stepsDigest(execution) })
}
