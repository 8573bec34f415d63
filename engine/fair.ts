/**
 * The fair scheduler, which takes over a run that has become long, and what it makes of it.
 *
 * Round robin, one step each. A timeout fires only when nothing else can go on, or when nothing changes any
 * more: whoever spins for somebody whose wait would time out is in no livelock.
 */
import { isTimeout, optionTask, type Option } from './choice'
import { Cycle } from './cycle'
import { livelockOf } from './ending'
import type { End } from './events'
import type { Thread } from './thread'

export class Fair {
  private readonly cycle = new Cycle()
  private readonly taken: { option: Option; label: string }[] = []

  constructor(private readonly threads: readonly Thread[]) {}

  /** Picks among `count` options, after a step of task `last`. */
  pick(options: readonly Option[], count: number, last: number): number {
    const nothingChanges = this.cycle.suspects(this.threads, last)
    let best = 0
    for (let i = 1; i < count; i++)
      if (
        this.distance(options[i]!, last, nothingChanges) <
        this.distance(options[best]!, last, nothingChanges)
      )
        best = i
    const option = options[best]!
    if (isTimeout(option)) this.cycle.stirred()
    this.taken.push({ option, label: this.threads[optionTask(option)]!.point!.label })
    return best
  }

  /** How far behind the last task an option comes. */
  private distance(option: Option, last: number, timeoutsFirst: boolean): number {
    const all = this.threads.length
    const behind = (optionTask(option) - last - 1 + all) % all
    return isTimeout(option) === timeoutsFirst ? behind : behind + all
  }

  /** The run is not over at the step bound either: a livelock if its states repeat, else merely too long. */
  outOfSteps(steps: number): End {
    const period = this.cycle.period()
    if (period === 0) return { kind: 'step bound', steps }
    return livelockOf(this.taken.slice(-period), this.threads)
  }
}
