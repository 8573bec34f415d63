/**
 * Which accesses of a run are ordered, whatever the schedule: by vector clocks (Mattern 1988), of which
 * each synchronising object keeps one, and each field the last write and the reads since (FastTrack,
 * Flanagan and Freund 2009).
 *
 * Nothing is kept, at the cost of one test an access, unless somebody listens.
 */
import { perRun } from './ids'
import { currentThread } from './run'

/** By task: the last of its epochs, counted from 1, that has surely come before. */
type Clock = number[]

/** One access to a field: who, in which of his epochs, and how. */
export interface Access {
  readonly task: number
  readonly epoch: number
  readonly write: boolean
  /** Said to be shared without a lock. */
  readonly marked: boolean
}

interface Field {
  readonly synchronises: boolean
  lastWrite: Access | null
  readonly reads: Map<number, Access>
}

/** Told of two accesses to a field by different tasks, one of them a write. */
export type OnConflict = (
  object: object,
  field: string,
  first: Access,
  second: Access,
  ordered: boolean,
) => void

let onConflict: OnConflict | null = null
let marking = 0

const state = perRun(() => ({
  clocks: new Map<number, Clock>(),
  released: new Map<unknown, Clock>(),
  fields: new Map<object, Map<string, Field>>(),
}))

/** From now on, accesses are followed for `listener`, or for nobody. */
export function watchAccesses(listener: OnConflict | null): void {
  onConflict = listener
}

export function isWatching(): boolean {
  return onConflict !== null
}

/** Accesses of `body` are said to be shared without a lock. */
export function marked<T>(body: () => T): T {
  marking++
  try {
    return body()
  } finally {
    marking--
  }
}

/** Accesses of `body` are not followed: it is asked again and again, until it holds. */
export function unwatched<T>(body: () => T): T {
  const listener = onConflict
  onConflict = null
  try {
    return body()
  } finally {
    onConflict = listener
  }
}

/** Whatever was released to `place` before has happened before what the running task does next. */
export function acquire(place: unknown): void {
  const task = runningTask()
  if (onConflict === null || task === null) return
  const known = state().released.get(place)
  if (known) join(clockOf(task), known)
}

/** Whatever the running task has done happens before what is done by whoever acquires `place`. */
export function release(place: unknown): void {
  const task = runningTask()
  if (onConflict === null || task === null) return
  const { released } = state()
  const clock = clockOf(task)
  const known = released.get(place)
  if (known) join(known, clock)
  else released.set(place, [...clock])
  clock[task]!++
}

/** The running task reads or writes a field. `synchronises` says whether the field is an atomic_t. */
export function accessed(
  object: object,
  key: string,
  write: boolean,
  synchronises: () => boolean,
): void {
  const task = runningTask()
  if (task === null) return
  const field = fieldOf(object, key, synchronises)
  if (field.synchronises) {
    acquire(object)
    release(object)
    return
  }
  const clock = clockOf(task)
  const access: Access = { task, epoch: clock[task]!, write, marked: marking > 0 }
  const { lastWrite, reads } = field
  if (lastWrite && lastWrite.task !== task) tell(object, key, lastWrite, access, clock)
  if (write) {
    for (const read of reads.values())
      if (read.task !== task) tell(object, key, read, access, clock)
    field.lastWrite = access
    reads.clear()
  } else reads.set(task * 2 + (access.marked ? 1 : 0), access)
}

function tell(object: object, key: string, first: Access, second: Access, clock: Clock): void {
  onConflict!(object, key, first, second, (clock[first.task] ?? 0) >= first.epoch)
}

/** The task that takes a step; none while the world is built, or while the engine asks who can go on. */
function runningTask(): number | null {
  const thread = currentThread()
  return thread && thread.id >= 0 && thread.point === null && !thread.ended ? thread.id : null
}

function fieldOf(object: object, key: string, synchronises: () => boolean): Field {
  const { fields } = state()
  let ofObject = fields.get(object)
  if (!ofObject) fields.set(object, (ofObject = new Map()))
  let field = ofObject.get(key)
  if (!field) {
    field = { synchronises: synchronises(), lastWrite: null, reads: new Map() }
    ofObject.set(key, field)
  }
  return field
}

function clockOf(task: number): Clock {
  const { clocks } = state()
  let clock = clocks.get(task)
  if (!clock) {
    clock = []
    clock[task] = 1
    clocks.set(task, clock)
  }
  return clock
}

function join(into: Clock, other: Clock): void {
  other.forEach((epoch, task) => {
    if (epoch > (into[task] ?? 0)) into[task] = epoch
  })
}
