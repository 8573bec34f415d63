/** What a run lets others see: a flat log of entries and returns of observed symbols. */

/** One line of the log. The ids that the symbol's declaration shows are fields of their own. */
export interface Event {
  /** Position in the log. */
  readonly at: number
  /** Number of the scheduling step it happened in. */
  readonly step: number
  /** Id of the task; -1 while the world is being built or taken down. */
  readonly task: number
  /** The symbol's name; `oops` and `run_end` are the engine's own. */
  readonly symbol: string
  readonly phase: 'call' | 'return'
  /** For a return: the position of its entry. */
  readonly entry: number
  /** For a return: what it returned. */
  readonly result?: string | number | boolean | undefined
  readonly [shown: string]: unknown
}

/** Why a run ended. */
export type End =
  | { kind: 'done' }
  /** Nobody can go on. `cycle` is the wait-for cycle if there is one, else every blocked task. */
  | { kind: 'deadlock'; cycle: readonly Blocked[] }
  /** The same steps repeat under a fair schedule. `round` is what they do, each once. */
  | { kind: 'livelock'; tasks: readonly string[]; round: readonly string[] }
  | { kind: 'step bound'; steps: number }
  /** A task died; the others went on as far as they could. */
  | { kind: 'oops'; died: readonly Death[]; blocked: readonly Blocked[] }
  /** The run was ended from outside, or what is run is gone. */
  | Lost

/** `crash`: something is used up, or gone. `hang`: it does not answer. `protocol`: its answer makes no sense. */
export interface Lost {
  readonly kind: 'crash' | 'hang' | 'protocol'
  readonly reason: string
}

/** A task that did not get on for long, though it had its turns; see `liveness.ts`. */
export type Stall =
  /** It came by one point of one operation again and again, and nobody completed an operation meanwhile. */
  | ({ kind: 'retry storm' } & Stalled)
  /** The same, while others completed operations. */
  | ({ kind: 'starvation'; others: readonly string[] } & Stalled)

interface Stalled {
  task: string
  /** Number of the operation in the task's list; -1 where there is none. */
  op: number
  at: string
  times: number
}

/** A task that cannot go on: at what, and which tasks it waits for. */
export interface Blocked {
  task: string
  at: string
  waitsFor: readonly string[]
}

export interface Death {
  task: string
  message: string
  /** Observed calls that were open, outermost first. */
  stack: readonly string[]
}
