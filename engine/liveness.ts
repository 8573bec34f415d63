/**
 * Whether tasks get on. A run is watched once it has taken many steps; until then this costs nothing.
 *
 * A task is held to have stalled when it came by the same point of the same operation again and again, and
 * between two times everybody who could go on had a turn: it is *starved* if others completed operations
 * meanwhile, else it is a *retry storm*. A wait that was satisfied again and again under the fair scheduler,
 * and never when it was looked at, counts as a retry.
 */
import { isTimeout, optionTask, type Option } from './choice'
import type { Stall } from './events'
import type { Thread } from './thread'

/** Steps that no run of the reference comes near. */
export const watchedFrom = 1_000
/** How often a task may come by one point of one operation. */
export const retriesMax = 200

/** How a task gets on with the operation it is in. */
interface Track {
  op: number
  /** Operations it has completed since the watch began. */
  completed: number
  lastStep: number
  /** By label, how often it came by a point of this operation, and when that was counted last. */
  points: Map<string, { retries: number; at: number }>
  /** How often its wait was satisfied and it was not let go on. */
  missed: number
  couldGoOn: boolean
  /** What everybody had completed when it began the operation. */
  before: readonly number[]
  stalled: boolean
}

export class Watch {
  readonly stalls: Stall[] = []
  private readonly tracks: Track[] = []

  constructor(private readonly threads: readonly Thread[]) {}

  /** Told before `thread` takes step number `now`, with what else could be done, and whether the schedule is fair. */
  step(
    now: number,
    thread: Thread,
    options: readonly Option[],
    count: number,
    fair: boolean,
  ): void {
    if (fair) this.countMissed(thread, options, count)
    const track = this.trackOf(thread)
    track.lastStep = now
    track.missed = 0
    // It repeats what it does for the others.
    if (thread.daemon) return
    const { label } = thread.point!
    const point = track.points.get(label)
    if (!point) track.points.set(label, { retries: 0, at: now })
    else if (this.everybodyHadATurn(thread, point.at, options, count)) {
      point.retries++
      point.at = now
      if (point.retries >= retriesMax) this.stalled(thread, track, label, point.retries)
    }
  }

  private trackOf(thread: Thread): Track {
    const known = this.tracks[thread.id]
    if (known?.op === thread.op) return known
    const fresh: Track = {
      op: thread.op,
      completed: known ? known.completed + (known.op < 0 ? 0 : 1) : 0,
      lastStep: known?.lastStep ?? -1,
      points: new Map(),
      missed: 0,
      couldGoOn: false,
      before: this.threads.map((other) => this.completedBy(other)),
      stalled: false,
    }
    return (this.tracks[thread.id] = fresh)
  }

  private completedBy({ id, ended, died }: Thread): number {
    return (this.tracks[id]?.completed ?? 0) + (ended && died === null ? 1 : 0)
  }

  /** Since step `at`, among those who could go on now. */
  private everybodyHadATurn(
    thread: Thread,
    at: number,
    options: readonly Option[],
    count: number,
  ): boolean {
    for (let i = 0; i < count; i++) {
      const option = options[i]!
      const other = optionTask(option)
      if (other === thread.id || isTimeout(option)) continue
      if ((this.tracks[other]?.lastStep ?? -1) <= at) return false
    }
    return true
  }

  /** Counts the waits that were satisfied at the last step, and are not any more. */
  private countMissed(taken: Thread, options: readonly Option[], count: number): void {
    const canGoOn = new Set<number>()
    for (let i = 0; i < count; i++)
      if (!isTimeout(options[i]!)) canGoOn.add(optionTask(options[i]!))
    for (const thread of this.threads) {
      if (thread.daemon || thread.point === null) continue
      const track = this.trackOf(thread)
      if (track.couldGoOn && !canGoOn.has(thread.id)) track.missed++
      track.couldGoOn = thread !== taken && canGoOn.has(thread.id)
      if (track.missed >= retriesMax) this.stalled(thread, track, thread.point.label, track.missed)
    }
  }

  private stalled(thread: Thread, track: Track, at: string, times: number): void {
    if (track.stalled) return
    track.stalled = true
    const others = this.threads.filter(
      (other) => other !== thread && this.completedBy(other) > (track.before[other.id] ?? 0),
    )
    const stall = { task: thread.name, op: thread.op, at, times }
    this.stalls.push(
      others.length > 0
        ? { kind: 'starvation', ...stall, others: others.map(({ name }) => name) }
        : { kind: 'retry storm', ...stall },
    )
  }
}
