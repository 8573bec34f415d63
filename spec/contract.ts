/**
 * Contracts and facts, as monitors over events.
 *
 * A contract is one rule: it hears events, keeps a small state, counts how often its antecedent held,
 * and objects in a sentence with values. A fact is what several contracts need to know (which locks a
 * task holds, which passes are open), folded from the same log once. Neither ever touches the system.
 */
import type { Heard } from './events'

/** How a contract answers. */
export interface Tell {
  /** The rule is broken; says how, with values. */
  object(sentence: string): void
  /** The antecedent held, in a situation of this shape. */
  exercise(witness: string): void
}

/** Something that is known from the log, shared by contracts. Updated before contracts hear an event. */
export interface Fact<S> {
  readonly name: string
  readonly uses: Facts
  start(): S
  readonly on: Handlers<S, Facts, undefined>
}
export type Facts = Readonly<Record<string, Fact<any>>>
export type Known<U extends Facts> = {
  readonly [N in keyof U]: U[N] extends Fact<infer S> ? S : never
}

export type Handlers<S, U extends Facts, T> = {
  readonly [N in keyof Heard]?: (state: S, event: Heard[N], known: Known<U>, tell: T) => void
}

/** `obligation` must be kept; `adversary` must be reachable, and `permission` accepted. */
export type Kind = 'obligation' | 'permission' | 'adversary'
export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'ALT'
/** The subsystem whose fault a violation is. */
export type Binds = 'notifier-core' | 'hmm' | 'driver' | 'mm' | 'locks' | 'debug'

export interface Contract<S = any, U extends Facts = Facts> {
  readonly id: string
  readonly kind: Kind
  readonly level: Level
  readonly binds: Binds
  /** The rule, in one sentence. */
  readonly says: string
  /** Where it is written, as `document:line` or `document:first-last`. */
  readonly cites: readonly string[]
  /** Below these, over a whole campaign on the reference, the contract is VACUOUS. */
  readonly minimum: { readonly exercised: number; readonly witnesses: number }
  readonly uses: U
  start(): S
  readonly on: Handlers<S, U, Tell>
}

/** A rule of the catalogue that no monitor of its own judges. */
export interface Unjudged {
  readonly id: string
  readonly says: string
  readonly cites: readonly string[]
  /** The contract that is this rule under another name. */
  readonly sameAs?: string
  /** Why no monitor over one run can judge it. */
  readonly excluded?: string
}

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>

/** Declares a fact. */
export function fact<S, U extends Facts = {}>(parts: {
  name: string
  uses?: U
  start: () => S
  on: Handlers<S, U, undefined>
}): Fact<S> {
  return { ...parts, uses: parts.uses ?? {} } as unknown as Fact<S>
}

/** Declares a contract. */
export function contract<S = undefined, U extends Facts = {}>(
  parts: Optional<Contract<S, U>, 'kind' | 'level' | 'uses' | 'start'>,
): Contract {
  const defaults = { kind: 'obligation', level: 'MUST', uses: {}, start: () => undefined }
  return { ...defaults, ...parts } as unknown as Contract
}
