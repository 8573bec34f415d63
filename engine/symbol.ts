/**
 * Symbols: the one seam.
 *
 * A symbol is a Linux function that other files call. It is called as what it is, *replaced* by a
 * patch set as a livepatch would, and *observed* on entry and return as a kprobe would. An unobserved
 * call costs one property read; an observed call of a task becomes a {@link Frame} that the engine
 * holds on its own stack, so that a step's cost does not grow with call depth.
 */
import { EngineError, UsageError } from './errors'
import type { Event } from './events'
import {
  Frame,
  observed,
  tell,
  type Fn,
  type Ids,
  type Observer,
  type Result,
  type Slot,
} from './observed-call'
import { point, type AtomicTask, type Point, type Task } from './task'

interface SymbolParts<A extends unknown[], R, Out> {
  readonly slot: Slot
  /** The definition itself, for a patch that wants to call what it replaces. */
  readonly original: (...args: A) => Out
  /** Carries the return type for the type checker only. */
  readonly returns?: R
}

/** A symbol whose calls may be interleaved; `Sleeps` says whether they may also block. */
export type TaskSymbol<A extends unknown[], R, Sleeps extends boolean = boolean, I = unknown> = ((
  ...args: A
) => Iterable<Point<Sleeps>, R, unknown>) &
  SymbolParts<A, R, Iterable<Point<Sleeps>, R, unknown>> & {
    readonly shows?: I
    readonly isTask: true
  }

/** A symbol whose calls are atomic. */
export type PlainSymbol<A extends unknown[], R, I = unknown> = ((...args: A) => R) &
  SymbolParts<A, R, R> & { readonly shows?: I; readonly isTask: false }

export type AnySymbol = { readonly slot: Slot }

const registry = new Map<string, Slot>()

function makeSymbol(
  name: string,
  task: boolean,
  ids: Slot['ids'],
  result: Slot['result'],
  own: Fn | null,
) {
  if (registry.has(name)) throw new EngineError(`symbol ${name} is declared twice`)
  const undefinedYet: Fn = () => {
    throw new EngineError(`symbol ${name} was called before any boot`)
  }
  const slot: Slot = {
    name,
    task,
    ids,
    result,
    makers: null,
    own,
    impl: undefinedYet,
    call: undefinedYet,
  }
  registry.set(name, slot)
  return Object.assign(callableOf(slot, ids ?? own!), {
    slot,
    isTask: task,
    original: (...args: unknown[]) => slot.own!(...args),
  })
}

/**
 * What callers of a symbol hold for good, whatever it runs.
 *
 * It is compiled for each symbol, with the parameters of its prototype: then its call has feedback of its
 * own, which other symbols do not spoil, and forwards no array; and observed calls stand at a place of
 * their own, so that what was observed once does not stay slow (bench/seam.ts has the figures).
 */
function callableOf(slot: Slot, prototype: Fn): Fn {
  if (!hasFixedArity(prototype)) return (...args) => slot.call(...args)
  const args = Array.from({ length: prototype.length }, (_, i) => `arg${i}`).join(', ')
  // Its own name makes its text unlike any other's: functions of one text would share their feedback.
  const name = `call_${slot.name.replace(/\W/g, '_')}`
  const forward = `slot.call === slot.impl ? slot.impl(${args}) : slot.call(${args})`
  const text = `return function ${name}(${args}) { return ${forward} }`
  return new Function('slot', text)(slot) as Fn
}

/** Whether `length` counts all parameters: none collects the rest, none has a default. */
function hasFixedArity(fn: Fn): boolean {
  const [parameters] = String(fn).split(/=>|\{/, 1)
  return !/\.\.\.|=/.test(parameters!)
}

// ---- Declaring, in headers ----------------------------------------------------------------------

/** A return value that is not shown. */
export const nothing: Result<void> = { toEvent: () => undefined }
/** A number: an errno, a count, a truth as the kernel counts it. */
export const int: Result<number> = { toEvent: (value) => value }
export const bool: Result<boolean> = { toEvent: (value) => value }
/** An object, shown as its id. */
export function pointer<T>(show: (value: T) => string): Result<T> {
  return { toEvent: show }
}

/** Declares a symbol that may sleep. `ids` is its prototype: the parameters, and how each is shown. */
export function task<A extends unknown[], I extends Ids, R = void>(
  name: string,
  ids: (...args: A) => I,
  result: Result<R> = nothing as Result<any>,
): TaskSymbol<A, R, boolean, Shown<I, R>> {
  return makeSymbol(name, true, ids as Slot['ids'], result, null) as never
}

/** Declares a symbol that may be interleaved but never sleeps. */
export function atomic<A extends unknown[], I extends Ids, R = void>(
  name: string,
  ids: (...args: A) => I,
  result: Result<R> = nothing as Result<any>,
): TaskSymbol<A, R, false, Shown<I, R>> {
  return makeSymbol(name, true, ids as Slot['ids'], result, null) as never
}

/** Declares a symbol whose calls are atomic. */
export function plain<A extends unknown[], I extends Ids, R = void>(
  name: string,
  ids: (...args: A) => I,
  result: Result<R> = nothing as Result<any>,
): PlainSymbol<A, R, Shown<I, R>> {
  return makeSymbol(name, false, ids as Slot['ids'], result, null) as never
}

/** What an event of a symbol carries: the ids of its entry, and the result of its return. */
export interface Shown<I, R> {
  ids: I
  result: R extends string | number | boolean ? R : R extends object | null ? string : undefined
}

/** Declares something that only happens, such as an access by hardware: seen, never replaced. */
export function happening<A extends unknown[], I extends Ids>(
  name: string,
  ids: (...args: A) => I,
): PlainSymbol<A, void, Shown<I, void>> {
  const symbol = makeSymbol(name, false, ids as Slot['ids'], nothing, () => undefined)
  return symbol as never
}

// ---- Defining, in files --------------------------------------------------------------------------

/** Gives a declared symbol its definition in the reference. */
export function define<A extends unknown[], R, S extends boolean>(
  symbol: TaskSymbol<A, R, S, any>,
  fn: (...args: A) => Iterable<Point<NoInfer<S>>, NoInfer<R>, unknown>,
): void
export function define<A extends unknown[], R>(
  symbol: PlainSymbol<A, R, any>,
  fn: (...args: A) => NoInfer<R>,
): void
export function define(symbol: AnySymbol, fn: Fn): void {
  if (symbol.slot.own) throw new EngineError(`symbol ${symbol.slot.name} is defined twice`)
  requireKind(symbol.slot, fn)
  symbol.slot.own = fn
}

/** A symbol known only inside the reference: replaceable, but nothing a contract could listen to. */
export function symbol<A extends unknown[], R>(
  name: string,
  fn: (...args: A) => AtomicTask<R>,
): TaskSymbol<A, R, false>
export function symbol<A extends unknown[], R>(
  name: string,
  fn: (...args: A) => Task<R>,
): TaskSymbol<A, R>
export function symbol<A extends unknown[], R>(
  name: string,
  fn: (...args: A) => R,
): PlainSymbol<A, R>
export function symbol(name: string, fn: Fn): unknown {
  return makeSymbol(name, isGeneratorFunction(fn), null, null, fn)
}

// ---- Replacing, in patch sets --------------------------------------------------------------------

/** One symbol and the function that takes its place for a run. */
export interface Patch {
  readonly slot: Slot
  readonly fn: Fn
}

type NotVoid = string | number | boolean | bigint | symbol | object | null | undefined

/**
 * Replaces a symbol by a function of the same type. A patch of an atomic symbol may sleep all the
 * same: defects that do must be writable.
 */
export function replace<A extends unknown[], R>(
  symbol: TaskSymbol<A, R, any, any>,
  fn: (...args: A) => Task<NoInfer<R>>,
): Patch
export function replace<A extends unknown[]>(
  symbol: PlainSymbol<A, void, any>,
  fn: (...args: A) => undefined,
): Patch
export function replace<A extends unknown[], R extends NotVoid>(
  symbol: PlainSymbol<A, R, any>,
  fn: (...args: A) => NoInfer<R>,
): Patch
export function replace(symbol: AnySymbol, fn: Fn): Patch {
  return { slot: symbol.slot, fn }
}

// ---- Linking, at boot -----------------------------------------------------------------------------

/** One kernel: which symbols are patched, and which are listened to. */
export interface Kernel {
  readonly patches: readonly Patch[]
  readonly listens: ReadonlySet<string>
  /** Begins to hear a run while it goes on. What it touches belongs to the step that runs. */
  readonly follow?: () => (event: Event) => void
}

/** Whether somebody hears of the calls of a symbol in this kernel. */
export function isObserved({ slot }: AnySymbol): boolean {
  return slot.call !== slot.impl
}

let linked: Kernel | null = null

/** Refuses patches that no kernel can be linked with. */
export function checkLinks(patches: readonly Patch[]): void {
  patchedBy(patches)
}

/** Points every symbol at what this kernel runs, refusing one that cannot run. */
export function link(kernel: Kernel, told: Observer): void {
  tell(told)
  if (linked === kernel) return
  linked = null
  const patched = patchedBy(kernel.patches)
  for (const name of kernel.listens)
    if (!registry.get(name)?.ids) throw new EngineError(`no declared symbol ${name} to listen to`)
  for (const slot of registry.values()) {
    const impl = patched.get(slot) ?? slot.own
    if (!impl) throw new EngineError(`symbol ${slot.name} is declared but never defined`)
    slot.impl = impl
    slot.call = kernel.listens.has(slot.name) ? observed(slot, impl) : impl
  }
  linked = kernel
}

function patchedBy(patches: readonly Patch[]): ReadonlyMap<Slot, Fn> {
  const patched = new Map<Slot, Fn>()
  for (const { slot, fn } of patches) {
    if (!slot || registry.get(slot.name) !== slot)
      throw new UsageError(
        `a patch names no symbol: ${slot?.name ?? 'undefined'}; see the headers in spec/headers`,
      )
    if (patched.has(slot))
      throw new UsageError(`symbol ${slot.name} is patched twice; merge the two patches`)
    requireKind(slot, fn)
    patched.set(slot, fn)
  }
  return patched
}

/** Every declared symbol that contracts may listen to, in order of declaration. */
export function declaredSymbols(): readonly Slot[] {
  return [...registry.values()].filter((slot) => slot.ids !== null)
}

// ---- Ops tables -------------------------------------------------------------------------------------

type OpSymbol = TaskSymbol<any, any, any, any>
type OpFn<S> =
  S extends TaskSymbol<infer A, infer R, infer P, any>
    ? (...args: A) => Iterable<Point<P>, R, unknown>
    : never

/** A filled-in ops table: each op is callable, or null where the implementation has none. */
export type Ops<T> = { readonly [N in keyof T]: OpFn<T[N]> | null }

/**
 * Declares a struct of callbacks. Calling the declaration with an implementation's functions fills a
 * table in; each call through it is a scheduling point and is observed as the declared op.
 */
export function opsTable<T extends Record<string, OpSymbol>>(
  ops: T,
): (functions: { [N in keyof T]?: OpFn<T[N]> }) => Ops<T> {
  for (const op of Object.values(ops)) op.slot.own = notCalledDirectly(op.slot.name)
  return (functions) => {
    const table: Record<string, Fn | null> = {}
    for (const name of Object.keys(ops)) {
      const fn = functions[name]
      table[name] = fn ? throughTable(ops[name]!.slot, fn) : null
    }
    return table as Ops<T>
  }
}

function throughTable(slot: Slot, fn: Fn): Fn {
  const unobserved = function* (...args: unknown[]) {
    yield* point(`->${slot.name}`)
    return yield* fn(...args)
  }
  return (...args) =>
    slot.call === slot.impl ? unobserved(...args) : new Frame(slot, fn, args, true)
}

function notCalledDirectly(name: string): Fn {
  return function* () {
    throw new EngineError(`op ${name} is called through an ops table, not directly`)
  }
}

function requireKind(slot: Slot, fn: Fn): void {
  if (typeof fn !== 'function') throw new UsageError(`the patch of ${slot.name} is not a function`)
  if (isGeneratorFunction(fn) === slot.task) return
  throw new UsageError(
    slot.task
      ? `${slot.name} is a task: its replacement must be a function*`
      : `${slot.name} is plain: its replacement must not be a function*`,
  )
}

function isGeneratorFunction(fn: Fn): boolean {
  const kind = Object.prototype.toString.call(fn)
  return kind === '[object GeneratorFunction]' || (fn as { isTask?: boolean }).isTask === true
}
