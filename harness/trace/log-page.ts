/** `check-trace --markdown`: a table of what each log showed of each contract. */
import { basename } from 'node:path'
import type { LogTally, LogVerdict } from './judge-log'

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
    ...table([['contract', 'verdict', 'exercised', 'situations'], ...rows]),
    '',
  ]
}

function isExercised({ exercised, violation, unrecorded }: LogTally): boolean {
  return unrecorded.length === 0 && (exercised > 0 || violation !== null)
}

/** Columns as wide as prettier makes them. */
function table([titles, ...rows]: readonly string[][]): string[] {
  const widths = titles!.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i]!.length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [line(titles!), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
