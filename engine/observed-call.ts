/** Calls that somebody listens to: told to the engine of the current run on entry and on return. */
import type { Event } from './events'
import type { Makers } from './makers'
import { point } from './task'

export type Fn = (...args: any[]) => any
export type Ids = Record<string, unknown>

/** What a symbol is at run time. */
export interface Slot {
  readonly name: string
  /** A task symbol may be interleaved; a plain one is atomic. */
  readonly task: boolean
  /** Whether its declaration says how arguments become ids, so that contracts may listen to it. */
  readonly ids: ((...args: any[]) => Ids) | null
  readonly result: Result<any> | null
  /** What makes its events, once there was one. */
  makers: Makers | null
  /** The definition, then what a patch set puts in its place, then what callers run. */
  own: Fn | null
  impl: Fn
  call: Fn
}

/** How a return value appears in events. */
export interface Result<R> {
  toEvent(value: R): string | number | boolean | undefined
}

/** Told of every observed call; the engine of the current run. */
export interface Observer {
  entered(slot: Slot, ids: object): Event
  returned(slot: Slot, entry: Event, value: unknown): void
}

let observer: Observer | null = null

/** From now on `told` is told. */
export function tell(told: Observer): void {
  observer = told
}

/** A function in whose place `impl` is called and its call told. */
export function observed(slot: Slot, impl: Fn): Fn {
  if (slot.task) return (...args) => new Frame(slot, impl, args, false)
  return (...args) => {
    const told = observer!
    const entry = told.entered(slot, slot.ids!(...args))
    const value = impl(...args)
    told.returned(slot, entry, value)
    return value
  }
}

/**
 * An observed call in flight. `yield*` lifts it to the engine once, which runs its body on the task's
 * own stack and hands the value back here.
 */
export class Frame {
  /** Its own answer as an iterator, as a point is: itself once it was lifted, then the value. */
  done = false
  value: unknown = null
  /** What the log says of its entry, once it was entered. */
  entry: Event | null = null

  constructor(
    readonly slot: Slot,
    private readonly impl: Fn,
    private readonly args: readonly unknown[],
    private pointFirst: boolean,
  ) {}

  [Symbol.iterator](): this {
    return this
  }

  next(value: unknown): IteratorResult<unknown> {
    if (this.pointFirst) {
      this.pointFirst = false
      this.value = point(`->${this.slot.name}`)
    } else if (this.value !== this) this.value = this
    else {
      this.value = value
      this.done = true
    }
    return this as IteratorResult<unknown>
  }

  /** Its arguments, as events show them. */
  shown(): Ids {
    return this.slot.ids!(...this.args)
  }

  body(): Iterator<unknown> {
    return this.impl(...this.args)[Symbol.iterator]()
  }
}
