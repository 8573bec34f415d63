/**
 * What a step touched: shared state by key, read or written. Two steps that touch nothing in common, or
 * only read it, can be exchanged.
 *
 * Keys must mean the same in every run of a program, whatever its schedule. Nothing is recorded, at the cost
 * of one test, unless an exploration asked for it.
 */

/** By key, how it was touched: nothing but read, or some of {@link Touch}. */
export type Footprint = Map<string, number>

export enum Touch {
  written = 1,
  /** Written in a way that only lets others go on: whoever waits for it now could not before. */
  released = 2,
  /** The step had to wait until the state allowed it. */
  awaited = 4,
}

let steps: Footprint[] | null = null
let current: Footprint | null = null
/** What a read means just now. */
let reading = 0

/** The running step reads the state called `key`. */
export function reads(key: string): void {
  touch(key, reading)
}

/** The running step writes the state called `key`. */
export function writes(key: string): void {
  touch(key, Touch.written)
}

/** The running step gives up what others may be waiting for, and what nobody could have until now. */
export function releases(key: string): void {
  touch(key, Touch.written | Touch.released)
}

function touch(key: string, how: number): void {
  if (current !== null) current.set(key, (current.get(key) ?? 0) | how)
}

/** Whether a step is under way whose footprint somebody wants to know. */
export function isRecording(): boolean {
  return current !== null
}

/** Whether the run is one whose footprints somebody wants to know. */
export function isExploring(): boolean {
  return steps !== null
}

/** Calls `body`, and gives the footprint of every step of the run that it makes. */
export function recording<R>(into: Footprint[], body: () => R): R {
  const outer = steps
  steps = into
  try {
    return body()
  } finally {
    steps = outer
    current = null
  }
}

/** The engine begins a step, which had to wait for `ready` if it is given. */
export function beginStep(ready: (() => unknown) | null): void {
  if (steps === null) return
  current = new Map()
  steps.push(current)
  reading = Touch.awaited
  try {
    ready?.()
  } catch {
    // It waits on freed memory, and will find out for itself.
  }
  reading = 0
}

/** The engine looks at the program between two steps. */
export function endStep(): void {
  current = null
}

/** Whether two steps of different tasks can not be exchanged. */
export function conflict(one: Footprint, other: Footprint): boolean {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one]
  for (const [key, how] of few) {
    const there = many.get(key)
    if (there !== undefined && ((how | there) & Touch.written) !== 0) return true
  }
  return false
}

/** Whether two steps conflict although the second one did not just wait for what the first released. */
export function reversible(first: Footprint, second: Footprint): boolean {
  for (const [key, how] of second) {
    const before = first.get(key)
    if (before === undefined || ((how | before) & Touch.written) === 0) continue
    if ((before & Touch.released) === 0 || (how & Touch.awaited) === 0) return true
  }
  return false
}
