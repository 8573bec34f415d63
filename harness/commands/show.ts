/** `show` and `replay`: a fixture or a token, run again exactly, and told in columns. */
import { UsageError } from '../../engine/errors'
import type { Execution } from '../../engine/run'
import { judgeOf } from '../../spec/judge'
import { contracts } from '../registry'
import { describeEnd, kernelObservingAll } from '../campaign'
import { describe } from '../counterexample'
import { readFixture, replayFixture } from '../fixture'
import { tell } from '../story'
import { chosenSubject, type Subject } from '../subject'
import { parseToken, replayStrictly } from '../token'

const linesMax = 200

interface Replayed {
  readonly subject: Subject
  readonly execution: Execution
  /** How to tell the objection of one contract; a fixture has no token to repeat. */
  readonly token: string | null
}

/** Draws the whole run. */
export function showCommand(what: string): number {
  const { execution } = replay(what, undefined)
  for (const line of tell(execution, null, { linesMax, until: execution.events.length }))
    console.log(line)
  console.log(`=> ${describeEnd(execution.end)}`)
  return 0
}

/** Runs it again and shows what each contract objects to; 1 if one does. */
export function replayCommand(
  what: string,
  { implementation }: { readonly implementation?: string },
): number {
  const { subject, execution, token } = replay(what, implementation)
  const findings = judgeOf(contracts).judge(execution.events)
  const objecting = contracts.filter((_, i) => findings[i]!.objections.length > 0)
  for (const contract of objecting) {
    const found = token === null ? null : parseToken(token)
    if (found)
      console.log(
        describe(
          contract,
          { ...found, certificate: null, searched: 1, insight: true },
          subject.patches,
          subject.name,
        ).text,
      )
    else {
      const { at, says } = findings[contracts.indexOf(contract)]!.objections[0]!
      for (const line of tell(execution, contract, { linesMax: 30, until: at })) console.log(line)
      console.log(`=> ${contract.id}: ${says}`)
    }
    console.log()
  }
  if (objecting.length === 0)
    console.log(`${subject.name}: no contract objects; ${describeEnd(execution.end)}`)
  return objecting.length > 0 || execution.end.kind !== 'done' ? 1 : 0
}

function replay(what: string, implementation: string | undefined): Replayed {
  if (what.includes('~')) {
    const parsed = parseToken(what)
    const subject = chosenSubject(implementation, parsed.boot)
    return {
      subject,
      execution: replayStrictly(kernelObservingAll(subject.patches), parsed),
      token: what,
    }
  }
  if (/^hmm\d/.test(what))
    throw new UsageError(`the token "${what}" is cut off; copy the whole line`)
  const fixture = readFixture(what)
  const subject = chosenSubject(implementation, fixture.boot)
  return {
    subject,
    execution: replayFixture(kernelObservingAll(subject.patches), fixture),
    token: null,
  }
}
