/** Options of benchmarks. */
import { difference } from 'lodash'
import { UsageError } from '../engine/errors'

/** `--name TEXT`. */
export function textOption(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args[at + 1]
}

/** `--name N`, a whole number, or `otherwise`. */
export function numberOption(args: readonly string[], name: string, otherwise: number): number {
  const text = textOption(args, name)
  if (text === undefined && !args.includes(name)) return otherwise
  if (/^\d+$/.test(text ?? '')) return Number(text)
  throw new UsageError(`${name} takes a whole number, not "${text ?? ''}"`)
}

export function flag(args: readonly string[], name: string): boolean {
  return args.includes(name)
}

/** Those of `known` that are named, or all; a name stands beside options, `valued` of which take a value. */
export function namesOf<Name extends string>(
  args: readonly string[],
  known: readonly Name[],
  valued: readonly string[],
): readonly Name[] {
  const named = args.filter((arg, i) => !arg.startsWith('-') && !valued.includes(args[i - 1] ?? ''))
  const [unknown] = difference(named, known)
  if (unknown) throw new UsageError(`there is no "${unknown}"; there are ${known.join(', ')}`)
  return named.length === 0 ? known : known.filter((name) => named.includes(name))
}

/** A line for whoever waits. */
export function progress(text: string): void {
  console.error(text)
}
