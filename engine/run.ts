/**
 * `run`: one execution of a program under one source of choices. Synchronous and total: it ends in one
 * of the ways of {@link End}, never hangs, and never throws for the fault of the system it runs.
 */
import type { Choice, Option } from './choice'
import { isTimeout, optionTask } from './choice'
import { EngineError, Gone, UsageError } from './errors'
import { endOfWork } from './ending'
import type { Death, End, Event, Lost } from './events'
import type { Execution, RunOptions, Step } from './execution'
import { Fair } from './fair'
import { beginStep, endStep, isExploring } from './footprint'
import { newGeneration } from './ids'
import { Watch, watchedFrom } from './liveness'
import { makersOf, type Makers } from './makers'
import { Frame, type Observer, type Slot } from './observed-call'
import { link, type Kernel } from './symbol'
import type { Point, Task } from './task'
import { Thread, canStep, isReady } from './thread'

export type { Execution, RunOptions, Step } from './execution'

interface CurrentRun {
  threads: Thread[]
  current: Thread | null
  spawn(name: string, body: () => Task<unknown>, daemon: boolean): Thread
  setUp(body: () => Task<unknown>): void
}

let active: CurrentRun | null = null

function running(): CurrentRun {
  if (!active) throw new EngineError('no run is under way')
  return active
}

/** The task that is running, or null while the world is being built. */
export function currentThread(): Thread | null {
  return active?.current ?? null
}

export function threadById(id: number): Thread | null {
  return active?.threads[id] ?? null
}

/** Starts a task. A daemon serves the others and may wait for ever. */
export function spawn(
  name: string,
  body: () => Task<unknown>,
  options: { daemon?: boolean } = {},
): Thread {
  return running().spawn(name, body, options.daemon ?? false)
}

/** Runs a task from end to end while the world is built: nobody else runs, and it may not have to wait. */
export function setUp(body: () => Task<unknown>): void {
  running().setUp(body)
}

/** Says that the running task now begins operation `op` of its list. */
export function beginOp(op: number): void {
  const thread = running().current!
  thread.op = op
}

const stepsMax = 4_000
/** The engine's own events. */
const oops = makersOf('oops', ['message', 'stack'])
const runEnd = makersOf('run_end', ['kind'])
/** Steps between two looks at what the run has used up, less one. */
const exhaustedMask = 63

/** The world could not be built: the run is over before its first step. */
class NoWorld extends Error {
  constructor(readonly end: End) {
    super()
  }
}

/** Runs `boot` (which spawns tasks) under a kernel and a source of choices. */
export function run(
  kernel: Kernel,
  boot: () => void,
  choice: Choice,
  options: RunOptions = {},
): Execution {
  if (active) throw new EngineError('a run was started inside a run')
  const machine = new Machine(options, kernel.follow?.())
  try {
    active = machine
    newGeneration()
    link(kernel, machine)
    return machine.execute(choice, endOfBoot(boot))
  } finally {
    active = null
  }
}

/** Null if the world could be built. */
function endOfBoot(boot: () => void): End | null {
  try {
    boot()
    return null
  } catch (error) {
    if (error instanceof NoWorld) return error.end
    if (error instanceof Gone) return lostBy(error)
    throw error
  }
}

const lostBy = ({ kind, message }: Gone): Lost => ({ kind, reason: message })

class Machine implements CurrentRun, Observer {
  readonly threads: Thread[] = []
  current: Thread | null = null
  private readonly events: Event[] = []
  private readonly steps: Step[] = []
  private readonly choices: number[] = []
  private readonly widths: number[] = []
  private readonly couldKeepRunning: boolean[] = []
  private readonly options: Option[] = []
  private readonly deaths: Death[] = []
  private readonly fair = new Fair(this.threads)
  private readonly watch = new Watch(this.threads)
  private preemptions = 0
  /** What is run is gone: there is no next step. */
  private lost: Lost | null = null
  private readonly explored = isExploring()
  private readonly maxSteps: number
  private readonly labels: boolean
  private readonly exhausted: () => string | null

  constructor(
    options: RunOptions,
    private readonly hear: ((event: Event) => void) | undefined,
  ) {
    this.maxSteps = options.maxSteps ?? stepsMax
    this.labels = options.labels ?? false
    this.exhausted = options.exhausted ?? (() => null)
  }

  spawn(name: string, body: () => Task<unknown>, daemon: boolean): Thread {
    const thread = new Thread(this.threads.length, name, daemon)
    thread.bodies.push(body()[Symbol.iterator]())
    this.threads.push(thread)
    this.advance(thread, undefined)
    return thread
  }

  setUp(body: () => Task<unknown>): void {
    const thread = new Thread(-1, 'boot', false)
    thread.bodies.push(body()[Symbol.iterator]())
    let steps = 0
    do {
      if (thread.point && !canStep(thread)) throw new NoWorld(endOfWork([thread], this.deaths))
      if (steps++ > 2 * this.maxSteps) throw new NoWorld({ kind: 'step bound', steps })
      this.advance(thread, true)
      if (this.lost) throw new NoWorld(this.lost)
    } while (!thread.ended)
    if (thread.died !== null) throw new NoWorld(endOfWork([thread], this.deaths))
  }

  /** Steps the tasks until there is an end; there may be one before the first step. */
  execute(choice: Choice, endOfBoot: End | null): Execution {
    let fairPhase = false
    let abandoned = false
    let end = endOfBoot
    while (!end) {
      const count = this.collectOptions()
      end = this.endBefore(count)
      if (end) break
      fairPhase = this.steps.length >= this.maxSteps
      if (!this.take(count, fairPhase ? null : choice)) {
        abandoned = true
        end = { kind: 'step bound', steps: this.steps.length }
      }
    }
    this.current = null
    this.happened(runEnd, { kind: end.kind })
    return {
      end,
      stalls: this.watch.stalls.filter(({ task }) => !isNamedIn(end, task)),
      events: this.events,
      choices: this.choices,
      widths: this.widths,
      couldKeepRunning: this.couldKeepRunning,
      steps: this.steps,
      tasks: this.threads.map((thread) => thread.name),
      preemptions: this.preemptions,
      unfairBound: fairPhase,
      abandoned,
    }
  }

  /** Why there is no next step, or null. */
  private endBefore(count: number): End | null {
    const steps = this.steps.length
    if (this.lost) return this.lost
    if (count === 0) return endOfWork(this.threads, this.deaths)
    if (steps >= 2 * this.maxSteps) return this.fair.outOfSteps(steps)
    const reason = (steps & exhaustedMask) === exhaustedMask ? this.exhausted() : null
    return reason === null ? null : { kind: 'crash', reason }
  }

  /** Fills `options` in the order that gives choices their meaning; returns how many there are. */
  private collectOptions(): number {
    const { options, threads, current } = this
    let count = 0
    let mayTimeOut = false
    if (current !== null && canStep(current)) options[count++] = current.id * 2
    for (let id = 0; id < threads.length; id++) {
      const { point } = threads[id]!
      if (point === null) continue
      if (point.mayTimeOut) mayTimeOut = true
      if (threads[id] !== current && isReady(point)) options[count++] = id * 2
    }
    if (mayTimeOut)
      for (const thread of threads)
        if (thread.point?.mayTimeOut && !canStep(thread)) options[count++] = thread.id * 2 + 1
    return count
  }

  /** One step; false if the choice gave the run up. */
  private take(count: number, choice: Choice | null): boolean {
    const keepsRunning = this.current !== null && this.options[0] === this.current.id * 2
    let picked = 0
    let decision = -1
    if (!choice) picked = this.fair.pick(this.options, count, this.current?.id ?? -1)
    else if (count > 1 || choice.always) {
      picked = choice.pick(this.options, count, this.positionOf)
      if (picked < 0 && choice.always) return false
    }
    if (choice && count > 1) {
      if (!(picked > 0 && picked < count)) picked = 0
      decision = this.choices.length
      this.choices.push(picked)
      this.widths.push(count)
      this.couldKeepRunning.push(keepsRunning)
      if (picked > 0 && keepsRunning) this.preemptions++
    }
    const option = this.options[picked]!
    const thread = this.threads[optionTask(option)]!
    const point = thread.point!
    const label = this.labels ? point.label : ''
    if (this.steps.length >= watchedFrom)
      this.watch.step(this.steps.length, thread, this.options, count, !choice)
    this.steps.push({ option, op: thread.op, label, choice: decision })
    if (choice !== null && choice.took !== undefined) choice.took(option, thread)
    this.current = thread
    if (this.explored) beginStep(point.ready)
    this.advance(thread, !isTimeout(option))
    if (this.explored) endStep()
    return true
  }

  /** Null for a task that has ended, or has not begun: none of its steps can be waited for. */
  private readonly positionOf = (task: number): Thread | null => {
    const thread = this.threads[task]
    return thread && !thread.ended ? thread : null
  }

  /** Runs one task to its next point, holding the stack of its observed calls. */
  private advance(thread: Thread, answer: unknown): void {
    const outer = this.current
    this.current = thread
    thread.point = null
    let value: unknown = answer
    try {
      for (;;) {
        const result = thread.bodies[thread.bodies.length - 1]!.next(value as never)
        if (result.done) {
          thread.bodies.pop()
          value = result.value
          const frame = thread.frames.pop()
          if (!frame) {
            thread.ended = true
            break
          }
          this.returned(frame.slot, frame.entry!, value)
        } else if (result.value instanceof Frame) {
          const frame = result.value
          frame.entry = this.entered(frame.slot, frame.shown())
          thread.frames.push(frame)
          thread.bodies.push(frame.body())
          value = undefined
        } else {
          thread.point = result.value as Point
          break
        }
      }
    } catch (error) {
      if (error instanceof EngineError || error instanceof UsageError) throw error
      if (error instanceof Gone) this.lost ??= lostBy(error)
      else this.die(thread, error)
    }
    this.current = outer?.ended ? null : outer
  }

  private die(thread: Thread, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const stack = thread.stack()
    this.happened(oops, { message, stack: stack.join(' ') })
    thread.ended = true
    thread.died = message
    this.deaths.push({ task: thread.name, message, stack })
    thread.bodies.length = 0
  }

  entered(slot: Slot, ids: object): Event {
    return this.happened((slot.makers ??= makersOf(slot.name, Object.keys(ids))), ids)
  }

  returned(slot: Slot, entry: Event, value: unknown): void {
    const result = slot.result!.toEvent(value)
    this.record(slot.makers!.return(entry, this.events.length, this.step, this.task, result))
  }

  private get step(): number {
    return this.steps.length - 1
  }

  private get task(): number {
    return this.current === null ? -1 : this.current.id
  }

  private happened(makers: Makers, ids: object): Event {
    return this.record(makers.call(ids, this.events.length, this.step, this.task))
  }

  private record(event: Event): Event {
    this.events.push(event)
    this.hear?.(event)
    return event
  }
}

/** Whoever is in a livelock is not reported twice. */
function isNamedIn(end: End, task: string): boolean {
  return end.kind === 'livelock' && end.tasks.includes(task)
}
