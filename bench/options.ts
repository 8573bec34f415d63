/** Options of benchmarks. */

/** `--name TEXT`. */
export function textOption(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args[at + 1]
}

/** `--name N`, or `otherwise`. */
export function numberOption(args: readonly string[], name: string, otherwise: number): number {
  const text = textOption(args, name)
  return text === undefined ? otherwise : Number(text)
}

export function flag(args: readonly string[], name: string): boolean {
  return args.includes(name)
}

/** A line for whoever waits. */
export function progress(text: string): void {
  console.error(text)
}
