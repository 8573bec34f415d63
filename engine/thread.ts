/** A task as the engine sees it while it runs. */
import type { Frame } from './observed-call'
import type { Point } from './task'

export class Thread {
  readonly bodies: Iterator<unknown>[] = []
  readonly frames: Frame[] = []
  /** What it is about to do; null once it has ended. */
  point: Point | null = null
  ended = false
  died: string | null = null
  /** The operation it is in, set by {@link beginOp}. */
  op = -1
  /** Whatever the layer above keeps per task. */
  local: unknown = null

  constructor(
    readonly id: number,
    readonly name: string,
    /** A daemon may wait for ever without being stuck. */
    readonly daemon: boolean,
  ) {}

  stack(): string[] {
    return this.frames.map((frame) => frame.slot.name)
  }
}

/** Whether a task can go on. */
export function canStep({ point }: Thread): boolean {
  return point !== null && isReady(point)
}

/** Whether a step can be taken. One that waits on freed memory can: its task will find out for itself. */
export function isReady({ ready }: Point): boolean {
  return ready === null || holds(ready)
}

function holds(ready: () => boolean): boolean {
  try {
    return ready()
  } catch {
    return true
  }
}
