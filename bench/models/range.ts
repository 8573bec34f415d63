/**
 * A range that faults and invalidations race for, after HMM: what the throughput benchmark runs.
 *
 * A fault waits until no invalidation is active, notes the sequence, reads the page table, and writes the
 * device's page table under the device's lock if the range is still valid. An invalidation counts itself,
 * stops the device, clears the entry, frees the page and counts itself out. Every visible step is a plain
 * function over {@link World}, so that the engine's program here and fast-check's in `range-async.ts`
 * differ in how they wait and in nothing else; `range.pml` repeats the same steps for SPIN.
 */
import type { Choice } from '../../engine/choice'
import { reads, releases, writes } from '../../engine/footprint'
import { run, spawn, type Execution, type RunOptions } from '../../engine/run'
import type { Kernel } from '../../engine/symbol'
import { point, until, type Task } from '../../engine/task'

/**
 * What the driver does wrong: `unchecked` uses its snapshot without asking, `boolean` asks for `valid` but
 * not for the sequence, so that a complete pair of start and end slips by.
 */
export type Defect = 'none' | 'unchecked' | 'boolean'

export interface Size {
  readonly name: string
  readonly pages: number
  /** For each task, the pages of its operations in order. */
  readonly faulters: readonly (readonly number[])[]
  readonly invalidators: readonly (readonly number[])[]
}

export const small: Size = { name: 'small', pages: 1, faulters: [[0, 0]], invalidators: [[0]] }

/** For SPIN, whose state space of the large size does not fit in memory. */
export const medium: Size = {
  name: 'medium',
  pages: 2,
  faulters: [
    [0, 1],
    [1, 0],
  ],
  invalidators: [
    [0, 1],
    [1, 0],
  ],
}

export const large: Size = {
  name: 'large',
  pages: 3,
  faulters: [
    [0, 1],
    [1, 2],
    [2, 0],
  ],
  invalidators: [
    [0, 1, 2],
    [2, 1, 0],
  ],
}

export interface World {
  notifiers: number
  valid: boolean
  sequence: number
  /** The device's lock. */
  locked: boolean
  /** Page frames by page, in the page table and in the device's; 0 is none. */
  readonly pte: number[]
  readonly device: number[]
  readonly freed: boolean[]
  /** Frames handed out so far. */
  frames: number
  /** The device could reach a page that had been freed. */
  stale: boolean
}

export function makeWorld({ pages }: Size): World {
  const pte = Array.from({ length: pages }, (_, page) => page + 1)
  return {
    notifiers: 0,
    valid: true,
    sequence: 0,
    locked: false,
    pte,
    device: pte.map(() => 0),
    freed: [],
    frames: pages,
    stale: false,
  }
}

export function invalidateStart(world: World): void {
  writes('notifiers')
  writes('valid')
  writes('sequence')
  world.notifiers++
  world.valid = false
  world.sequence++
}

export function invalidateEnd(world: World): void {
  writes('notifiers')
  if (--world.notifiers > 0) return
  releases('valid')
  world.valid = true
}

/** The frame behind a page, brought in if there is none. */
export function readPte(world: World, page: number): number {
  writes(`pte ${page}`)
  if (!world.pte[page]) writes('frames')
  return (world.pte[page] ||= ++world.frames)
}

export function clearPte(world: World, page: number): number {
  writes(`pte ${page}`)
  const frame = world.pte[page]!
  world.pte[page] = 0
  return frame
}

export function freePage(world: World, page: number, frame: number): void {
  if (frame === 0) return
  writes(`freed ${frame}`)
  reads(`device ${page}`)
  world.freed[frame] = true
  if (world.device[page] === frame) world.stale = true
}

export function writeDevice(world: World, page: number, frame: number): void {
  writes(`device ${page}`)
  reads(`freed ${frame}`)
  world.device[page] = frame
  if (world.freed[frame]) world.stale = true
}

/** Whether the driver takes its snapshot for good. */
export function accepts(world: World, sequence: number, defect: Defect): boolean {
  if (defect === 'unchecked') return true
  reads('valid')
  reads('sequence')
  return world.valid && (defect === 'boolean' || world.sequence === sequence)
}

function* faulter(world: World, pages: readonly number[], defect: Defect): Task<void> {
  const isValid = () => (reads('valid'), world.valid)
  const isUnlocked = () => (reads('lock'), !world.locked)
  for (const page of pages) {
    for (;;) {
      yield* until('wait', 'valid', isValid)
      reads('sequence')
      const sequence = world.sequence
      yield* point('read pte', page)
      const frame = readPte(world, page)
      yield* until('lock', 'device', isUnlocked)
      writes('lock')
      world.locked = true
      yield* point('check', 'valid')
      const accepted = accepts(world, sequence, defect)
      if (accepted) {
        yield* point('write device pte', page)
        writeDevice(world, page, frame)
      }
      yield* point('unlock', 'device')
      releases('lock')
      world.locked = false
      if (accepted) break
    }
  }
}

function* invalidator(world: World, pages: readonly number[]): Task<void> {
  const isUnlocked = () => (reads('lock'), !world.locked)
  for (const page of pages) {
    yield* point('invalidate start', page)
    invalidateStart(world)
    yield* until('lock', 'device', isUnlocked)
    writes('lock')
    world.locked = true
    yield* point('clear device pte', page)
    writeDevice(world, page, 0)
    yield* point('unlock', 'device')
    releases('lock')
    world.locked = false
    yield* point('clear pte', page)
    const frame = clearPte(world, page)
    yield* point('free page', page)
    freePage(world, page, frame)
    yield* point('invalidate end', page)
    invalidateEnd(world)
  }
}

const kernel: Kernel = { listens: new Set(), patches: [] }

export interface EngineRun {
  readonly execution: Execution
  readonly world: World
}

/** One complete run under the engine. */
export function runInEngine(
  size: Size,
  defect: Defect,
  choice: Choice,
  options: RunOptions = {},
): EngineRun {
  const world = makeWorld(size)
  const boot = () => {
    for (const pages of size.faulters) spawn('fault', () => faulter(world, pages, defect))
    for (const pages of size.invalidators) spawn('invalidate', () => invalidator(world, pages))
  }
  return { execution: run(kernel, boot, choice, options), world }
}
