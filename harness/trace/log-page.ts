/** `check-trace --markdown`: a table of what each log showed of each contract. */
import { basename } from 'node:path'
import { left, table } from '../markdown'
import type { LogTally, LogVerdict } from './judge-log'

const columns = ['contract', 'verdict', 'exercised', 'situations'].map(left)

/** A section for each log: what was judged, how often each rule was put to the test, and what could not be heard. */
export function logPage(verdicts: readonly LogVerdict[]): string {
  return [...head(verdicts), ...verdicts.flatMap(section)].join('\n')
}

function head(verdicts: readonly LogVerdict[]): string[] {
  const exercised = new Set(
    verdicts.flatMap(({ tallies }) =>
      tallies.filter(isExercised).map(({ contract }) => contract.id),
    ),
  )
  const broken = verdicts.flatMap(({ tallies }) => tallies.filter(({ violation }) => violation))
  const counts = `${verdicts.length} logs, ${exercised.size} contracts exercised, ${broken.length} broken`
  return [`${counts}: ${[...exercised].sort().join(', ')}.`, '']
}

function section({ log, state, lives, unfinished, tallies }: LogVerdict): string[] {
  const heard = tallies.filter(({ unrecorded }) => unrecorded.length === 0)
  const exercised = heard.filter(isExercised)
  const cut = unfinished > 0 ? `, the end of ${unfinished} not seen` : ''
  const rows = exercised.map((tally) => [
    tally.contract.id,
    tally.violation ? 'FAIL' : 'PASS',
    String(tally.exercised),
    [...tally.witnesses].sort().join('; '),
  ])
  return [
    `## ${basename(log)}`,
    '',
    `${state.lines} lines, ${lives} address spaces${cut}; ${heard.length} contracts heard, ${exercised.length} exercised.`,
    '',
    table(columns, rows),
    '',
  ]
}

function isExercised({ exercised, violation, unrecorded }: LogTally): boolean {
  return unrecorded.length === 0 && (exercised > 0 || violation !== null)
}
