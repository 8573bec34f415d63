/**
 * Tasks and the points at which they may be interleaved.
 *
 * A task is a generator; code between two points is atomic. A point comes *before* the visible step
 * and says what is about to happen, so that a schedule reads as a story.
 */

/**
 * One place where another task may run. `Sleeps` is true when the task may block voluntarily there:
 * the type keeps sleeping calls out of atomic context.
 */
export class Point<Sleeps extends boolean = boolean> implements Iterator<Point<Sleeps>, boolean> {
  /** Carries `Sleeps` for the type checker only. */
  declare readonly sleeps: Sleeps
  /** It is its own answer as an iterator: a result that is made anew costs a step 4 % more. */
  done = false
  /** Null until it was handed over. */
  value: Point | boolean | null = null

  constructor(
    /** What is about to happen, as a verb. */
    readonly verb: string,
    /** What it happens to: an object with a name, a number, or nothing. */
    readonly subject: unknown,
    /** Whether the step can be taken now; a point without one always can. */
    readonly ready: (() => boolean) | null = null,
    /** Whether the wait may also end by its timeout, whenever the schedule says so. */
    readonly mayTimeOut = false,
    /** Ids of the tasks that must act before `ready` can hold, for the wait-for graph. */
    readonly owners: (() => readonly number[]) | null = null,
  ) {}

  [Symbol.iterator](): this {
    return this
  }

  /** Hands itself to the engine once; the engine answers whether the wait ended as hoped. */
  next(answer?: unknown): IteratorResult<Point<Sleeps>, boolean> {
    if (this.value === null) this.value = this
    else {
      this.value = answer !== false
      this.done = true
    }
    return this as IteratorResult<Point<Sleeps>, boolean>
  }

  /** The label shown in schedules: the verb and its subject. */
  get label(): string {
    const subject = describe(this.subject)
    return subject === '' ? this.verb : `${this.verb} ${subject}`
  }
}

/** Code that may be interleaved and may sleep. */
export type Task<R> = Iterable<Point<boolean>, R, unknown>

/** Code that may be interleaved but never sleeps: it runs under spinlocks and in callbacks of SRCU. */
export type AtomicTask<R> = Iterable<Point<false>, R, unknown>

/** A place where another task may run, before `verb` happens to `subject`. */
export function point(verb: string, subject?: unknown): Point<false> {
  return new Point(verb, subject)
}

export interface WaitOptions {
  /** The schedule may end the wait before its condition holds. */
  mayTimeOut?: boolean
  /** Ids of the tasks this one waits for. */
  owners?: () => readonly number[]
}

/** Blocks until `ready()`. True when it holds, false when the timeout ended the wait. */
export function until(
  verb: string,
  subject: unknown,
  ready: () => boolean,
  options: WaitOptions = {},
): Point<boolean> {
  return new Point(verb, subject, ready, options.mayTimeOut ?? false, options.owners ?? null)
}

/** Like {@link until}, for waits that spin instead of sleeping. */
export function spinUntil(
  verb: string,
  subject: unknown,
  ready: () => boolean,
  owners: () => readonly number[],
): Point<false> {
  return new Point<false>(verb, subject, ready, false, owners)
}

/** How a subject is written in labels: its own name, or the value itself. Freed memory may have no name. */
export function describe(subject: unknown): string {
  if (subject === undefined || subject === null) return ''
  if (typeof subject !== 'object') return String(subject)
  try {
    const { name } = subject as { name?: unknown }
    return typeof name === 'string' ? name : ''
  } catch {
    return ''
  }
}
