/**
 * The reference as a program: its own code of whole sets, in a process of its own. What it calls, calls back and
 * looks at is the suite's, as for any program.
 */
import { UsageError } from '../../../engine/errors'
import { declaredSymbols, link, type AnySymbol, type Patch } from '../../../engine/symbol'
import '../../../reference/link'
import { mutant } from '../../registry'
import { isOp, setNamesOverPipe, symbolsNamed } from '../../sets'
import { asking, type Fn } from './memory'
import { standIn } from './stand-ins'
import { Threads } from './threads'

const usage =
  'reference.js takes names of sets or symbols, then --mutant NAME and --shows SYMBOL,SYMBOL'

/** Serves what `args` name, with the patches of a mutant or without. */
export function serveReference(args: readonly string[]): never {
  const { claims, name, shows } = readArguments(args)
  const patches = name === undefined ? [] : mutant(name).patches
  const symbols = symbolsNamed(claims, setNamesOverPipe)
  const hello = { name: name ?? 'reference', version: '1', implements: claims, shows }
  const threads = new Threads({ ...hello, threads: true }, functionsOf(symbols, patches))
  standIn(threads.memory, threads.askNow)
  linkRemotely(patches, threads)
  return threads.serve()
}

function readArguments(args: readonly string[]) {
  const firstOption = args.findIndex((arg) => arg.startsWith('--'))
  const claims = firstOption < 0 ? args : args.slice(0, firstOption)
  const options = args.slice(claims.length)
  const valueOf = (option: string): string | undefined => options[options.indexOf(option) + 1]
  for (let at = 0; at < options.length; at += 2)
    if (!['--mutant', '--shows'].includes(options[at]!) || options[at + 1] === undefined)
      throw new UsageError(usage)
  if (claims.length === 0) throw new UsageError(usage)
  const name = options.includes('--mutant') ? valueOf('--mutant') : undefined
  const shows = options.includes('--shows') ? valueOf('--shows')!.split(',') : ['*']
  return { claims, name, shows: shows.filter((one) => one !== '') }
}

function functionsOf(
  symbols: readonly AnySymbol[],
  patches: readonly Patch[],
): ReadonlyMap<string, Fn> {
  const patched = new Map(patches.map(({ slot, fn }) => [slot, fn]))
  return new Map(symbols.map(({ slot }) => [slot.name, patched.get(slot) ?? slot.own!]))
}

/** Every declared symbol is the suite's, those that are served here too: so their calls are seen. */
function linkRemotely(patches: readonly Patch[], threads: Threads): void {
  const declared = declaredSymbols()
  const helpers = patches.filter(({ slot }) => slot.ids === null)
  const remote = declared
    .filter(({ name }) => !isOp(name))
    .map((slot) => ({ slot, fn: slot.task ? asking(slot.name) : plainOf(slot.name, threads) }))
  // A callback that is listened to says which it is.
  const listens = new Set(declared.map(({ name }) => name).filter(isOp))
  link({ patches: [...helpers, ...remote], listens }, nobody)
}

const nobody = {
  entered: (): never => undefined as never,
  returned: (): void => undefined,
}

function plainOf(name: string, { memory, askNow }: Threads): Fn {
  return (...args) => memory.fromWire(askNow(name, ...args.map((arg) => memory.toWire(arg))))
}
