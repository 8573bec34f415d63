/**
 * Whether what a long run does repeats for ever.
 *
 * A state is what a run shows of itself: where every task stands (its operation, what it is about to do, and
 * whether it can) and who ran last. Under the round-robin scheduler that decides who runs next. What
 * variables hold is not shown: so a state that comes back is a suspicion and no more. The run is pumped on
 * under the fair scheduler to the step bound, and is a livelock only if its states repeat to there; whoever
 * leaves the cycle is out of suspicion.
 */
import { canStep, type Thread } from './thread'

export class Cycle {
  /** The states of the steps under the fair scheduler, numbered by first appearance. */
  private readonly states: number[] = []
  private readonly numbers = new Map<string, number>()
  /** What was seen since a timeout was last let fire. */
  private readonly seen = new Set<number>()

  /** Notes the state before a step; true if it was there before. */
  suspects(threads: readonly Thread[], last: number): boolean {
    const shown = `${last} ${threads.map(positionOf).join('\n')}`
    const state = this.numbers.get(shown) ?? this.numbers.size
    this.numbers.set(shown, state)
    this.states.push(state)
    const before = this.seen.has(state)
    this.seen.add(state)
    return before
  }

  /** Something happens that had not: whether it changes anything is to be seen. */
  stirred(): void {
    this.seen.clear()
  }

  /** The length of the cycle in which the states of the second half repeat, at least four times, or 0. */
  period(): number {
    const tail = this.states.slice(this.states.length >> 1)
    for (let period = 1; period <= tail.length >> 2; period++)
      if (tail.every((state, i) => i < period || state === tail[i - period])) return period
    return 0
  }
}

function positionOf(thread: Thread): string {
  if (thread.point === null) return ''
  return `${thread.op} ${thread.point.label} ${canStep(thread)}`
}
