/**
 * The range of `range.ts` as an asynchronous program under fast-check's `fc.scheduler`: the same steps at
 * the same scheduling points, each point an `await` of a promise that the scheduler releases.
 *
 * fast-check's scheduler knows no conditions. A task that has to wait is not handed to it until its
 * condition holds, and waits again if another task was quicker: such a turn in vain is counted, because the
 * engine never takes it.
 */
import type { Scheduler } from 'fast-check'
import {
  accepts,
  clearPte,
  freePage,
  invalidateEnd,
  invalidateStart,
  makeWorld,
  readPte,
  writeDevice,
  type Defect,
  type Size,
  type World,
} from './range'

const immediately = Promise.resolve()

/** A run of the program: its world, and what the scheduler has to be told of. */
export class AsyncRun {
  readonly world: World
  /** Points passed, and turns taken in vain. */
  steps = 0
  vain = 0
  ended = 0
  readonly tasks: number
  readonly all: Promise<unknown>
  /** Every step taken, when a trace is asked for. */
  readonly trace: { task: number; label: string }[] | null
  /** The scheduler's own id of what each task is waiting to be released, by task. */
  readonly pending: number[] = []
  private scheduled = 0
  private sleepers: (() => void)[] = []

  constructor(
    size: Size,
    private readonly defect: Defect,
    private readonly scheduler: Scheduler,
    traced = false,
  ) {
    this.world = makeWorld(size)
    this.trace = traced ? [] : null
    const { faulters, invalidators } = size
    this.tasks = faulters.length + invalidators.length
    this.all = Promise.all([
      ...faulters.map((pages, i) => this.faulter(i, pages)),
      ...invalidators.map((pages, i) => this.invalidator(faulters.length + i, pages)),
    ])
  }

  /** Whether every task is where the scheduler sees it: released to it, asleep, or at its end. */
  get settled(): boolean {
    return this.scheduler.count() + this.sleepers.length + this.ended === this.tasks
  }

  private point(task: number, label: string): Promise<void> {
    this.pending[task] = ++this.scheduled
    return this.scheduler.schedule(immediately, label)
  }

  /** A point that is scheduled only once `ready` holds; whoever is released looks again. */
  private when(task: number, label: string, ready: () => boolean): Promise<void> {
    if (ready()) return this.point(task, label)
    return new Promise((resolve) => {
      const retry = () => {
        if (ready()) void this.point(task, label).then(resolve)
        else this.sleepers.push(retry)
      }
      this.sleepers.push(retry)
    })
  }

  /** Lets sleepers look again, after a step that may have given them what they wait for. */
  private wake(): void {
    if (this.sleepers.length === 0) return
    const woken = this.sleepers
    this.sleepers = []
    for (const retry of woken) retry()
  }

  private passed(task: number, label: string): void {
    this.steps++
    this.trace?.push({ task, label })
  }

  private async faulter(me: number, pages: readonly number[]): Promise<void> {
    const { world } = this
    const isValid = () => world.valid
    const isUnlocked = () => !world.locked
    for (const page of pages) {
      for (;;) {
        for (;;) {
          await this.when(me, 'wait valid', isValid)
          if (isValid()) break
          this.vain++
        }
        this.passed(me, 'wait valid')
        const sequence = world.sequence
        await this.point(me, 'read pte')
        this.passed(me, 'read pte')
        const frame = readPte(world, page)
        for (;;) {
          await this.when(me, 'lock device', isUnlocked)
          if (isUnlocked()) break
          this.vain++
        }
        this.passed(me, 'lock device')
        world.locked = true
        await this.point(me, 'check valid')
        this.passed(me, 'check valid')
        const accepted = accepts(world, sequence, this.defect)
        if (accepted) {
          await this.point(me, 'write device pte')
          this.passed(me, 'write device pte')
          writeDevice(world, page, frame)
        }
        await this.point(me, 'unlock device')
        this.passed(me, 'unlock device')
        world.locked = false
        this.wake()
        if (accepted) break
      }
    }
    this.ended++
  }

  private async invalidator(me: number, pages: readonly number[]): Promise<void> {
    const { world } = this
    const isUnlocked = () => !world.locked
    for (const page of pages) {
      await this.point(me, 'invalidate start')
      this.passed(me, 'invalidate start')
      invalidateStart(world)
      for (;;) {
        await this.when(me, 'lock device', isUnlocked)
        if (isUnlocked()) break
        this.vain++
      }
      this.passed(me, 'lock device')
      world.locked = true
      await this.point(me, 'clear device pte')
      this.passed(me, 'clear device pte')
      writeDevice(world, page, 0)
      await this.point(me, 'unlock device')
      this.passed(me, 'unlock device')
      world.locked = false
      this.wake()
      await this.point(me, 'clear pte')
      this.passed(me, 'clear pte')
      const frame = clearPte(world, page)
      await this.point(me, 'free page')
      this.passed(me, 'free page')
      freePage(world, page, frame)
      await this.point(me, 'invalidate end')
      this.passed(me, 'invalidate end')
      invalidateEnd(world)
      this.wake()
    }
    this.ended++
  }
}

/**
 * Releases one promise after another until none is left. The turn of the microtask queue behind each lets
 * a task that slept go on to its next point first; `parity.ts` checks that it always has.
 */
export async function releaseAll(scheduler: Scheduler): Promise<void> {
  while (scheduler.count() > 0) {
    await scheduler.waitOne()
    await undefined
  }
}
