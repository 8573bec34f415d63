/** Numbers on the command line. */
import { availableParallelism } from 'node:os'
import { UsageError } from '../../engine/errors'
import { runMsMaxDefault } from '../workers'

export function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,10}$/.test(text) || Number(text) === 0)
    throw new UsageError(`${option} takes a whole number above 0, not "${text}"`)
  return Number(text)
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
