/**
 * Choices as text: sparse runs of `skip` zeros followed by a choice, so that a schedule with two
 * switches is a few characters long.
 */
import { UsageError } from './errors'

/** `[0,0,0,2,0,1]` is `3.2,1.1`; a schedule without a switch is `-`. */
export function encodeChoices(choices: readonly number[]): string {
  const parts: string[] = []
  let zeros = 0
  for (const choice of choices) {
    if (choice === 0) zeros++
    else {
      parts.push(`${zeros.toString(36)}.${choice.toString(36)}`)
      zeros = 0
    }
  }
  return parts.length === 0 ? '-' : parts.join(',')
}

export function decodeChoices(text: string): number[] {
  const choices: number[] = []
  if (text === '-') return choices
  for (const part of text.split(',')) {
    const match = /^([0-9a-z]+)\.([0-9a-z]+)$/.exec(part)
    if (!match)
      throw new UsageError(`the token's schedule "${part}" cannot be read; copy the whole token`)
    const zeros = parseInt(match[1]!, 36)
    if (zeros > 100_000)
      throw new UsageError('the token skips more than 100000 choices; copy the whole token')
    for (let i = 0; i < zeros; i++) choices.push(0)
    choices.push(parseInt(match[2]!, 36))
  }
  return choices
}

/** Eight hex digits that change when the text does. */
export function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
