/** Verdicts over one or several logs: as JSON, and as a table. */
import { sum, uniq } from 'lodash'
import { linesOfStory, storyOf } from './log-story'
import type { LogTally, LogVerdict } from './judge-log'

/** The stable form of `check-trace --json`; see docs/schemas/check-trace.schema.json. */
export interface LogReport {
  readonly generation: string
  readonly logs: readonly LogSize[]
  readonly contracts: readonly LogContractReport[]
  /** Volatile. */
  readonly elapsedMs: number
}
export interface LogSize {
  readonly log: string
  readonly lines: number
  readonly events: number
  readonly foreign: number
  /** Lines at which events were lost, the first of them. */
  readonly lost: readonly number[]
  readonly overwritten: boolean
  readonly cut: boolean
  /** Lives of address spaces that were judged, and those of which the log does not show the end. */
  readonly lives: number
  readonly unfinished: number
}

export type LogResult = 'PASS' | 'FAIL' | 'VACUOUS' | 'UNOBSERVABLE'
export interface LogContractReport {
  readonly id: string
  readonly verdict: LogResult
  readonly exercised: number
  readonly witnesses: number
  /** What no log records and the contract would have to hear. */
  readonly unrecorded?: readonly string[]
  /** Lives in which lines are missing, and lives that are broken only if lines are in the order of what happened. */
  readonly holed: number
  readonly doubtful: number
  readonly counterexample?: {
    readonly log: string
    readonly lines: readonly number[]
    readonly text: string
  }
}

export function logReport(
  generation: string,
  verdicts: readonly LogVerdict[],
  elapsedMs: number,
): LogReport {
  const count = verdicts[0]?.tallies.length ?? 0
  const logs = verdicts.map(({ log, state, lives, unfinished }) => ({
    ...{ log, ...state, lives, unfinished },
  }))
  const contracts = Array.from({ length: count }, (_, index) =>
    contractReport(verdicts.map(({ log, tallies }) => ({ log, tally: tallies[index]! }))),
  )
  return { generation, logs, contracts, elapsedMs }
}

interface Heard {
  readonly log: string
  readonly tally: LogTally
}

function contractReport(all: readonly Heard[]): LogContractReport {
  const heard = all.filter(({ tally }) => tally.unrecorded.length === 0)
  const tallies = heard.map(({ tally }) => tally)
  const exercised = sum(tallies.map((tally) => tally.exercised))
  const broken = heard.find(({ tally }) => tally.violation !== null)
  const holed = sum(tallies.map((tally) => tally.holed))
  const unrecorded = all.map(({ tally }) => tally.unrecorded).sort((a, b) => a.length - b.length)
  return {
    id: all[0]!.tally.contract.id,
    verdict: resultOf(heard.length > 0, broken !== undefined, exercised),
    exercised,
    witnesses: uniq(tallies.flatMap(({ witnesses }) => [...witnesses])).length,
    ...(heard.length === 0 && { unrecorded: unrecorded[0]! }),
    holed,
    doubtful: sum(tallies.map((tally) => tally.doubtful)),
    ...(broken && { counterexample: counterexampleOf(broken) }),
  }
}

function counterexampleOf({ log, tally }: Heard): NonNullable<LogContractReport['counterexample']> {
  const lines = linesOfStory(tally.violation!)
  return { log, lines, text: storyOf(tally, log).join('\n') }
}

function resultOf(isHeard: boolean, isBroken: boolean, exercised: number): LogResult {
  if (!isHeard) return 'UNOBSERVABLE'
  if (isBroken) return 'FAIL'
  return exercised > 0 ? 'PASS' : 'VACUOUS'
}

/** What is not whole about a log, a sentence each. */
export function remarksOf({
  log,
  lost,
  overwritten,
  cut,
  foreign,
  lives,
  unfinished,
}: LogSize): string[] {
  const remarks = [
    lost[0] !== undefined &&
      `events were lost at line ${lost[0]}: what was under way then is judged up to there`,
    overwritten && 'its oldest events were overwritten: only what began later is judged',
    cut && 'it ends within a line: it is judged up to there',
    foreign > 0 && `${foreign} lines are neither ftrace text nor JSON and are passed over`,
    lives === 0 && 'no address space gets its first notifier in it: there is nothing to judge',
    unfinished > 0 && `of ${unfinished} of ${lives} address spaces it does not show the end`,
  ]
  return remarks.filter((text) => text !== false).map((text) => `${log}: ${text}`)
}

/** Whether a part of a log is missing or cannot be read. */
export function isPartial({ lost, overwritten, cut, foreign }: LogSize): boolean {
  return lost.length > 0 || overwritten || cut || foreign > 0
}
