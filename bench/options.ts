/** Options of benchmarks. */
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

/** A line for whoever waits. */
export function progress(text: string): void {
  console.error(text)
}
