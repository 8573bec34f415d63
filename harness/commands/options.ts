/** Numbers on the command line. */
import { availableParallelism } from 'node:os'
import { UsageError } from '../../engine/errors'
import { budgetsDefault } from '../pipe/program'
import type { Foreign } from '../subject'
import { runMsMaxDefault } from '../workers'

export function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,10}$/.test(text) || Number(text) === 0)
    throw new UsageError(`${option} takes a whole number above 0, not "${text}"`)
  return Number(text)
}

/** How much a campaign may run: so many schedules, or for so long, whatever comes first. */
export interface Budget {
  readonly schedules: number
  /** Milliseconds; what is found within them depends on the machine. */
  readonly msMax?: number
}

const msOf: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }
/** More than any time is enough for. */
const schedulesWithinTime = 100_000_000

/** `20000`, or `30s`, `10m`, `2h`. */
export function budgetOf(text: string | undefined, otherwise: number): Budget {
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(text ?? '') ?? []
  if (unit === undefined) return { schedules: wholeNumber('--budget', text, otherwise) }
  return {
    schedules: schedulesWithinTime,
    msMax: wholeNumber('--budget', count, 1) * msOf[unit]!,
  }
}

/** A given seed, or a fresh one: it is printed either way. */
export function seedOf(text: string | undefined): number {
  return text === undefined ? Date.now() % 1_000_000_007 : wholeNumber('--seed', text, 1)
}

/** What a single run may take, in milliseconds. */
export function runMsMaxOf(seconds: string | undefined): number {
  return 1000 * wholeNumber('--run-timeout', seconds, runMsMaxDefault / 1000)
}

/** Workers: as many as there are cores, less those that are wanted for something else. */
export function workersOf(text: string | undefined, busy = 0): number {
  return wholeNumber('--workers', text, Math.max(1, availableParallelism() - busy))
}

/** What a call of a program may take, in milliseconds. */
export function callMsOf(seconds: string | undefined): number {
  return 1000 * wholeNumber('--call-timeout', seconds, budgetsDefault.callMs / 1000)
}

export interface SubjectArguments {
  readonly implementation?: string
  /** How a program is started; none if it is empty. */
  readonly command: readonly string[]
  /** Seconds. */
  readonly callTimeout?: string
}

/** What the options say is to be judged that does not come with the suite. */
export function foreignOf({ implementation, command, callTimeout }: SubjectArguments): Foreign {
  if (command.length === 0) return { file: implementation }
  if (implementation !== undefined)
    throw new UsageError('either --implementation or a command is judged, not both')
  return { program: { command, callMs: callMsOf(callTimeout) } }
}
