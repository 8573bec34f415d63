/** An open device, as a process has it: it is closed when the last operation on it is over. */
import { writes } from '../engine/footprint'
import { acquire, release } from '../engine/happens-before'
import { type Task } from '../engine/task'
import type { mm_struct } from '../spec/headers/types'

export interface DeviceFile<T> {
  readonly name: string
  readonly mm: mm_struct
  readonly open: (mm: mm_struct, name: string) => Task<T | null>
  release(handle: T): Task<void>
  handle: T | null
  /** Operations under way, and one for the open file itself. */
  users: number
  opening: boolean
}

export function deviceFile<T>(
  name: string,
  mm: mm_struct,
  open: DeviceFile<T>['open'],
  release: DeviceFile<T>['release'],
): DeviceFile<T> {
  return { name, mm, open, release, handle: null, users: 0, opening: false }
}

/** Opens the device unless it is open. The caller keeps the address space alive. */
export function* openFile<T>(file: DeviceFile<T>): Task<void> {
  writes(file.name)
  if (file.users > 0 || file.opening) return
  file.opening = true
  const handle = yield* file.open(file.mm, file.name)
  writes(file.name)
  file.opening = false
  if (handle === null) return
  file.handle = handle
  file.users = 1
  release(file)
}

/** Closes the device; an operation under way finishes first, and then releases it. */
export function* closeFile<T>(file: DeviceFile<T>): Task<void> {
  writes(file.name)
  const { handle } = file
  if (handle === null) return
  acquire(file)
  file.handle = null
  yield* putFile(file, handle)
}

/** Runs one operation on the device, if it is open. */
export function* withFile<T>(
  file: DeviceFile<T>,
  operate: (handle: T) => Task<unknown>,
): Task<void> {
  writes(file.name)
  const { handle } = file
  if (handle === null) return
  acquire(file)
  file.users++
  yield* operate(handle)
  yield* putFile(file, handle)
}

function* putFile<T>(file: DeviceFile<T>, handle: T): Task<void> {
  writes(file.name)
  release(file)
  file.users--
  if (file.users > 0) return
  acquire(file)
  // Not open again before it is released.
  file.opening = true
  yield* file.release(handle)
  writes(file.name)
  file.opening = false
}
