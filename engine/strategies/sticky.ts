/**
 * Sticky walk: keeps running with a probability drawn once a run, else takes any option.
 *
 * A walk that switches at every step hardly ever lets one task do much while another stands still.
 * Source: the "probabilistic random" strategy of Coyote, and the bias of Shuttle's random scheduler towards
 * the current task. Invariant: a task that can go on is kept with the probability s + (1 - s)/w, where w
 * are the options and s is drawn; where it cannot, and otherwise, every option is as likely as the others.
 */
import { optionTask, stepOf, type Choice } from '../choice'
import { random, type Random } from '../random'
import type { Strategy } from './strategy'

/** How much a walk prefers to keep running, in thousandths: one of these, drawn once a run. */
export const stickiness = [0, 500, 800, 900, 950]

export function stickyWalk(seed: number): Choice {
  const next = random(seed)
  return walk(next, stickiness[next(stickiness.length)]!)
}

/** A walk that keeps running with a probability of `sticky` thousandths. */
export function walk(next: Random, sticky: number): Choice {
  let current = -1
  return {
    pick: (options, count) =>
      options[0] === stepOf(current) && next(1000) < sticky ? 0 : next(count),
    took: (option) => void (current = optionTask(option)),
  }
}

export const stickyWalks = (): Strategy => ({ name: 'sticky', begin: stickyWalk })
