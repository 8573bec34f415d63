/**
 * `run`: one execution of a program under one source of choices. Synchronous and total: it ends in one
 * of the ways of {@link End}, never hangs, and never throws for the fault of the system it runs.
 */
import type { Choice, Option, StepKey } from './choice'
import { isTimeout, optionTask } from './choice'
import { EngineError, UsageError } from './errors'
import { endOfWork, repeatedPeriod } from './ending'
import type { Death, End, Event } from './events'
import { beginStep, endStep, isExploring } from './footprint'
import { newGeneration } from './ids'
import { makersOf, type Makers } from './makers'
import { Frame, link, type Kernel, type Observer, type Slot } from './symbol'
import type { Point, Task } from './task'
import { Thread, canStep, isReady } from './thread'

/** What one run did. */
export interface Execution {
  readonly end: End
  readonly events: readonly Event[]
  /** What was picked wherever there was a choice. */
  readonly choices: readonly number[]
  /** How many options there were at each choice, and whether the current task was the first of them. */
  readonly widths: readonly number[]
  readonly couldKeepRunning: readonly boolean[]
  /** Every step taken, in order. */
  readonly steps: readonly Step[]
  readonly tasks: readonly string[]
  /** Switches away from a task that could have gone on. */
  readonly preemptions: number
  /** Whether the fair scheduler had to take over. */
  readonly unfairBound: boolean
  /** Whether the choice gave the run up before its end. */
  readonly abandoned: boolean
}

export interface Step extends StepKey {
  /** What the step was about to do; empty unless labels were asked for. */
  readonly label: string
  /** Index of the choice that led here, or -1 where there was none. */
  readonly choice: number
}

export interface RunOptions {
  /** Steps after which a round-robin scheduler takes over, for as many steps again. */
  maxSteps?: number
  /** Keep the label of every step (costs time). */
  labels?: boolean
}

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
    boot()
    return machine.execute(choice)
  } finally {
    active = null
  }
}

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
  /** Labels of the steps of the fair phase: what tells a livelock from a run that is merely long. */
  private readonly fairLabels: string[] = []
  private preemptions = 0
  private readonly explored = isExploring()
  private readonly maxSteps: number
  private readonly labels: boolean

  constructor(
    options: RunOptions,
    private readonly hear: ((event: Event) => void) | undefined,
  ) {
    this.maxSteps = options.maxSteps ?? stepsMax
    this.labels = options.labels ?? false
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
    do {
      if (thread.point && !canStep(thread))
        throw new EngineError(`building the world waits at "${thread.point.label}"`)
      this.advance(thread, true)
    } while (!thread.ended)
    if (thread.died !== null) throw new EngineError(`building the world failed: ${thread.died}`)
  }

  execute(choice: Choice): Execution {
    let fairPhase = false
    let abandoned = false
    let end: End | null = null
    while (!end) {
      const count = this.collectOptions()
      if (count === 0) end = endOfWork(this.threads, this.deaths)
      else if (this.steps.length >= 2 * this.maxSteps) end = this.outOfSteps()
      else {
        fairPhase = this.steps.length >= this.maxSteps
        if (!this.take(count, fairPhase ? null : choice)) {
          abandoned = true
          end = { kind: 'step bound', steps: this.steps.length }
        }
      }
    }
    this.current = null
    this.happened(runEnd, { kind: end.kind })
    return {
      end,
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
    if (!choice) {
      picked = this.fairest(count)
      this.fairLabels.push(this.threads[optionTask(this.options[picked]!)]!.point!.label)
    } else if (count > 1 || choice.always) {
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

  /** Round robin: the first option after the current task, timeouts only when nothing else can go on. */
  private fairest(count: number): number {
    const last = this.current?.id ?? -1
    let best = 0
    let bestDistance = Infinity
    for (let i = 0; i < count; i++) {
      const option = this.options[i]!
      const distance =
        ((optionTask(option) - last - 1 + this.threads.length) % this.threads.length) +
        (isTimeout(option) ? this.threads.length : 0)
      if (distance < bestDistance) {
        best = i
        bestDistance = distance
      }
    }
    return best
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
      this.die(thread, error)
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

  /** The fair phase did not finish either: a livelock if its steps repeat, else merely too long. */
  private outOfSteps(): End {
    const fair = this.steps.slice(this.maxSteps)
    const period = repeatedPeriod(fair.map(({ option }, i) => `${option} ${this.fairLabels[i]}`))
    if (period === 0) return { kind: 'step bound', steps: this.steps.length }
    const tasks = this.steps
      .slice(-period)
      .map(({ option }) => this.threads[optionTask(option)]!.name)
    return { kind: 'livelock', tasks: [...new Set(tasks)] }
  }
}
