/** A fixture or a token, run again exactly, and what is to be said of it. */
import { UsageError } from '../engine/errors'
import type { Execution } from '../engine/run'
import { objectingTo } from '../spec/judge'
import { kernelObservingAll } from './campaign'
import { describe } from './counterexample'
import { badEndsOf, describeEnd } from './ends'
import { readFixture, replayFixture, workloadOf, type Fixture } from './fixture'
import { contracts } from './registry'
import { tell } from './story'
import { subjectOf, type Foreign, type Subject } from './subject'
import { parseToken, replayStrictly } from './token'
import type { Workload } from './workload'

const linesMax = 30

export interface Replayed {
  readonly subject: Subject
  readonly workload: Workload
  readonly execution: Execution
  /** A fixture has no token to repeat. */
  readonly token: string | null
  /** What was replayed, unless it was a token. */
  readonly fixture: Fixture | null
}

export interface Retold {
  readonly lines: readonly string[]
  /** Whether a contract objects, or it does not end well. */
  readonly failed: boolean
}

/** What each contract objects to, and what else is wrong with the run. */
export function retell(what: string, foreign: Foreign): Retold {
  const replayed = replay(what, foreign)
  const { subject, execution } = replayed
  const told = objectingTo(execution.events, contracts).flatMap(({ contract, objection }) => [
    ...objectionLines(replayed, contract, objection),
    '',
  ])
  const ends = badEndsOf(execution).map(({ says }) => `=> ${says}`)
  const isWell = told.length + ends.length === 0
  return {
    lines: isWell
      ? [`${subject.name}: no contract objects; ${describeEnd(execution.end)}`]
      : [...told, ...ends],
    failed: !isWell,
  }
}

function objectionLines(
  { subject, execution, token }: Replayed,
  contract: (typeof contracts)[number],
  { at, says }: { readonly at: number; readonly says: string },
): string[] {
  if (token === null)
    return [...tell(execution, contract, { linesMax, until: at }), `=> ${contract.id}: ${says}`]
  const { workload, choices } = parseToken(token)
  const found = { workload, choices, certificate: null, searched: 1, insight: true }
  return [describe(contract, found, subject.patches, subject.name).text]
}

export function replay(what: string, foreign: Foreign): Replayed {
  if (what.includes('~')) {
    const parsed = parseToken(what)
    const subject = subjectOf({ ...foreign, name: parsed.boot })
    const kernel = kernelObservingAll(subject.patches)
    const { workload } = parsed
    const execution = replayStrictly(kernel, parsed)
    return { subject, workload, execution, token: what, fixture: null }
  }
  if (/^hmm\d/.test(what))
    throw new UsageError(`the token "${what}" is cut off; copy the whole line`)
  const fixture = readFixture(what)
  const subject = subjectOf({ ...foreign, name: fixture.boot })
  const kernel = kernelObservingAll(subject.patches)
  const execution = replayFixture(kernel, fixture)
  return { subject, workload: workloadOf(fixture), execution, token: null, fixture }
}
