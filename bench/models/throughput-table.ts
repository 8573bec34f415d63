/** What `bench/throughput.ts` measured, as a table of 78 columns. */
import type {
  Exhausted,
  Explored,
  Finder,
  SizeThroughput,
  Spin,
  Throughput,
  ToBug,
} from './throughput-result'
import type { Parity } from './parity'
import type { SpinResult } from './spin'

const nameWidth = 38
const cellWidth = 10

function row(name: string, ...cells: string[]): string {
  return (name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(cellWidth)).join('')).trimEnd()
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function parityLine({ size, schedules, fewest, most }: Parity): string {
  return `  ${size}: ${whole(schedules)} schedules, of ${fewest} to ${most} points each`
}

function rateRows({ size, rows }: SizeThroughput): string[] {
  return [
    row(`${size} model`, 'schedules', 'steps', 'steps', 'engine'),
    row('', '/s', '/s', '/schedule', '/ this'),
    ...rows.map(({ name, schedulesPerSecond, stepsPerSecond, stepsPerSchedule, engineOver }) =>
      row(
        `  ${name}`,
        whole(schedulesPerSecond),
        whole(stepsPerSecond),
        stepsPerSchedule.toFixed(1),
        engineOver.toFixed(2),
      ),
    ),
    '',
  ]
}

function toBugRows(toBug: readonly ToBug[], seeds: number): string[] {
  const cell = ({ meanSchedules, standardError, missed }: Finder) =>
    `${meanSchedules.toFixed(1)} ±${standardError.toFixed(1)}${missed > 0 ? ` (${missed} missed)` : ''}`
  const wide = (name: string, cells: readonly string[]) =>
    name.padEnd(28) + cells.map((text) => text.padStart(16)).join('')
  return [
    `schedules to the planted bug: mean of ${seeds} seeds ± standard error`,
    wide('', ['engine, walk', 'portfolio', 'fc.scheduler']),
    ...toBug.map(({ size, defect, walk, portfolio, scheduler }) =>
      wide(`  ${size}, ${defect}`, [walk, portfolio, scheduler].map(cell)),
    ),
    '',
  ]
}

function exhaustedRow({ size, schedules, complete, milliseconds }: Exhausted): string {
  return row(
    `  engine, ${size}, schedules`,
    `${complete ? '' : '> '}${whole(schedules)}`,
    milliseconds.toFixed(1),
    whole((schedules * 1000) / milliseconds),
    complete ? 'all' : 'capped',
  )
}

function exploredRow({ size, defect, classes, milliseconds, found }: Explored): string {
  return row(
    `  engine, ${size}${defect === 'none' ? '' : ', defect'}, classes`,
    whole(classes),
    milliseconds.toFixed(1),
    whole((classes * 1000) / milliseconds),
    found ? 'bug found' : 'all',
  )
}

function spinRows(spin: Spin | null): string[] {
  if (spin === null) return [row('  SPIN', 'not installed')]
  const rows = (what: string, result: SpinResult) =>
    result.map(({ reduced, states, milliseconds, statesPerSecond, complete, errors }) =>
      row(
        `  SPIN, ${what}, states, ${reduced ? 'POR' : 'no POR'}`,
        whole(states),
        milliseconds.toFixed(1),
        whole(statesPerSecond),
        errors > 0 ? 'bug found' : complete ? 'all' : 'capped',
      ),
    )
  return [
    ...rows('small', spin.small),
    ...rows('small, defect', spin.smallWithDefect),
    ...rows('medium', spin.medium),
    `  (${spin.version}; times include its process)`,
  ]
}

export function throughputTable(result: Throughput): string {
  const { rounds, seeds, parity, throughput, exhausted, explored, spin, toBug } = result
  return [
    "the two programs took each other's schedules, step by step:",
    ...parity.map(parityLine),
    '',
    `complete schedules a second of processor time, medians of ${rounds} alternating rounds`,
    ...throughput.flatMap(rateRows),
    ...toBugRows(toBug, seeds),
    row('exhaustive search', 'count', 'ms', 'count/s', ''),
    ...exhausted.map(exhaustedRow),
    ...explored.map(exploredRow),
    ...spinRows(spin),
  ].join('\n')
}
