/**
 * Sticky walk: keeps running with a probability drawn once a run, else takes any option.
 *
 * A walk that switches at every step hardly ever lets one task do much while another stands still.
 * Source: the "sticky" variant of random scheduling in Coyote and in Shuttle. Invariant: between two
 * switches that are not forced, a task takes a geometric number of steps with the mean 1/(1 - stickiness).
 */
import type { Choice } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

/** How much a walk prefers to keep running, in thousandths: one of these, drawn once a run. */
const stickiness = [0, 500, 800, 900, 950]

export function stickyWalk(seed: number): Choice {
  const next = random(seed)
  const sticky = stickiness[next(stickiness.length)]!
  return { pick: (_options, count) => (next(1000) < sticky ? 0 : next(count)) }
}

export const stickyWalks = (): Strategy => ({ name: 'sticky', begin: stickyWalk })
