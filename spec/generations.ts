/**
 * Generations of Linux: which of the declared symbols a kernel has, and so which contracts apply to it.
 *
 * HMM had mirrors and ranges of its own until 5.4; 5.5 put interval notifiers with a sequence count in their place
 * and kept the notifier core.
 */
import { heardSymbol } from './events'
import type { Contract } from './contract'

export type Generation = 'hmm_mirror' | 'mmu_interval_notifier'
export const generations: readonly Generation[] = ['hmm_mirror', 'mmu_interval_notifier']

/** Symbols that only one generation has. */
const only: readonly (readonly [RegExp, Generation])[] = [
  [/^hmm_(mirror|range|get_or_create|get_notifier|free|release|invalidate)/, 'hmm_mirror'],
  [/^hmm_mirror_ops\./, 'hmm_mirror'],
  [/^mmu_notifier_call_srcu$/, 'hmm_mirror'],
  [/^mmu_interval_/, 'mmu_interval_notifier'],
]

/** Whether kernels of a generation have a symbol, under this name or as what took its place. */
export function has(generation: Generation, symbol: string): boolean {
  return only.every(([names, owner]) => owner === generation || !names.test(symbol))
}

/**
 * The generations that a contract is about: the area HMM, and what binds HMM elsewhere, is about mirrors and ranges;
 * the area INT about interval notifiers.
 */
export function generationsOf({ id, binds, on }: Contract): readonly Generation[] {
  const heard = Object.keys(on).map((name) => heardSymbol(name).symbol)
  return generations.filter((generation) => {
    if (binds === 'hmm' || id.startsWith('HMM-')) return generation === 'hmm_mirror'
    if (id.startsWith('INT-')) return generation === 'mmu_interval_notifier'
    return heard.some((symbol) => has(generation, symbol))
  })
}
