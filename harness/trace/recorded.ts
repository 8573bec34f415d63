/** What a log records, and so which contracts can be judged on it. */
import { memoize } from 'lodash'
import { needsOf } from '../../spec/judge'
import type { Contract } from '../../spec/contract'
import { generationsOf, has, type Generation } from '../../spec/generations'
import { probeNamed, translatedSymbols } from './known-probes'
import { wrappersOf } from './wrappers'

/**
 * Symbols of probes by the names under which a log shows them, `X_ret` for a return. A function that returns
 * nothing is known to be over when its task goes on.
 */
export function symbolsOf(names: Iterable<string>): Set<string> {
  const symbols = new Set<string>()
  for (const name of names) {
    const isReturn = name.endsWith('_ret')
    const probe = probeNamed(isReturn ? name.slice(0, -'_ret'.length) : name)
    if (!probe) continue
    const { symbol, result } = probe
    symbols.add(isReturn ? `${symbol}.return` : symbol)
    if (result === 'nothing') symbols.add(`${symbol}.return`)
  }
  return symbols
}

/** The same with the inline functions that what is recorded tells of. */
export function withWrappers(recorded: Iterable<string>): ReadonlySet<string> {
  const all = new Set(recorded)
  for (const name of [...all]) {
    const isReturn = name.endsWith('.return')
    const symbol = isReturn ? name.slice(0, -'.return'.length) : name
    for (const wrapper of wrappersOf(symbol)) all.add(isReturn ? `${wrapper}.return` : wrapper)
  }
  return all
}

/** What a contract has to hear: asked of every log, and the same for all. */
export const needs = memoize(needsOf)

/** What a log can show at all. */
export const translatable: ReadonlySet<string> = withWrappers(
  translatedSymbols.flatMap((symbol) => [symbol, `${symbol}.return`]),
)

/** What a contract would have to hear of a kernel of this generation and the log does not record. */
export function unrecorded(
  contract: Contract,
  generation: Generation,
  recorded: ReadonlySet<string>,
): readonly string[] {
  return neededOf(generation)(contract).filter((name) => !recorded.has(name))
}

/** The same for every log. */
const neededOf = memoize((generation: Generation) =>
  memoize((contract: Contract): readonly string[] =>
    [...needs(contract)].filter((name) => has(generation, name.replace(/\.return$/, ''))),
  ),
)

/** Contracts about kernels of a generation. */
export function contractsOf(
  contracts: readonly Contract[],
  generation: Generation,
): readonly Contract[] {
  return contracts.filter((contract) => generationsOf(contract).includes(generation))
}
