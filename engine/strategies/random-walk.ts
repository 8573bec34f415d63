/**
 * Random walk: every option of every choice is as likely as the others.
 *
 * Source: folklore; the baseline of Thomson, Donaldson and Betts, "Concurrency testing using controlled
 * schedulers", TOPC 2016. Invariant: with w options each has probability 1/w, whatever came before.
 */
import type { Choice } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

export function randomWalk(seed: number): Choice {
  const next = random(seed)
  return { pick: (_options, count) => next(count) }
}

export const randomWalks = (): Strategy => ({ name: 'random walk', begin: randomWalk })
