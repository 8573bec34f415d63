/**
 * Symbols whose implementation is a program: each call becomes lines, and each upcall in between a call of the
 * kernel on the caller's own stack, with its points. So tasks interleave inside the program wherever they would
 * inside the reference.
 */
import { Gone, Oops } from '../../engine/errors'
import { unwatched } from '../../engine/happens-before'
import { currentThread, threadById } from '../../engine/run'
import { takenIn } from '../../engine/ids'
import { isOfKind } from '../../engine/struct'
import { bool, int, nothing, type AnySymbol, type Patch } from '../../engine/symbol'
import { until, type Task } from '../../engine/task'
import { canStep } from '../../engine/thread'
import { isOp } from '../sets'
import { kernel } from './kernel'
import type { Asked, Upcall, Wire } from './messages'
import { contextOf, type Program, type ProgramRun, type ThreadReply } from './program'
import { interruptible, services, type Asking } from './services'
import type { Called, FunctionOf } from './values'

type Slot = AnySymbol['slot']

/** What an implementation may not say of itself, because it is seen. */
const hidden = new Set(
  'operation conflicting_access debug_report lockdep_report driver_interest device_pte_set device_pte_clear device_access'.split(
    ' ',
  ),
)

/** Patches that have a program do what these symbols do. */
export function remotePatches(program: Program, symbols: readonly AnySymbol[]): Patch[] {
  return symbols.map(({ slot }) => ({
    slot,
    fn: slot.task ? taskOf(program, slot.name, slot) : plainOf(program, slot.name, slot),
  }))
}

const threadNumber = (): number => currentThread()?.id ?? -1

// ---- calls ------------------------------------------------------------------------------------------------------

/** A symbol, or a function that the program has handed out. */
type Callee = Called & Partial<Pick<Slot, 'ids'>>

function taskOf(program: Program, name: string, callee: Callee) {
  return function* (...args: unknown[]): Task<unknown> {
    const run = program.run()
    const thread = threadNumber()
    nameArguments(callee, args)
    if (!program.hello.threads) yield* turn(run, thread)
    let reply = run.call(thread, name, args, contextOf())
    performFirst(run, reply, name)
    while (reply.type === 'upcall') {
      const value = yield* perform(run, reply)
      if (!program.hello.threads) yield* turn(run, thread)
      reply = run.result(thread, value)
      performFirst(run, reply, name)
    }
    return resultOf(run, thread, reply, name, callee)
  }
}

function plainOf(program: Program, name: string, callee: Callee) {
  return (...args: unknown[]): unknown => {
    const run = program.run()
    const thread = threadNumber()
    nameArguments(callee, args)
    let reply = run.call(thread, name, args, 'plain')
    performFirst(run, reply, name)
    while (reply.type === 'upcall') {
      reply = run.result(thread, performAtOnce(run, reply, name))
      performFirst(run, reply, name)
    }
    return resultOf(run, thread, reply, name, callee)
  }
}

/** The objects get the ids that their symbol's declaration gives them. */
function nameArguments({ ids }: Callee, args: readonly unknown[]): void {
  if (ids) unwatched(() => ids(...args))
}

/**
 * A program that holds one call at a time: another one begins when none is open, or while the innermost waits
 * for something; and that one goes on when it is the innermost again.
 */
function* turn(run: ProgramRun, thread: number): Task<void> {
  const isFree = (): boolean => {
    const innermost = run.open.at(-1)
    if (innermost === undefined || innermost === thread) return true
    const waiting = run.open.includes(thread)
    const there = threadById(innermost)!
    return there.ended || (!waiting && !canStep(there))
  }
  if (!isFree())
    yield* until('wait for the program, which holds one call at a time', undefined, isFree, {
      owners: () => run.open.slice(-1),
    })
}

function resultOf(
  run: ProgramRun,
  thread: number,
  reply: Exclude<ThreadReply, Upcall>,
  name: string,
  { result }: Callee,
): unknown {
  run.returned(thread)
  if (reply.type === 'die') throw new Oops(reply.says)
  const value = run.objects.fromWire(reply.value)
  if (isResult(value, result)) return result === nothing ? undefined : value
  throw new Gone('protocol', `it returns ${JSON.stringify(reply.value)} from ${name}`)
}

function isResult(value: unknown, result: Callee['result']): boolean {
  if (result === nothing) return value === null
  if (result === int) return typeof value === 'number'
  if (result === bool) return typeof value === 'boolean'
  return typeof value === 'object' && !Array.isArray(value)
}

// ---- upcalls -----------------------------------------------------------------------------------------------------

function* perform(run: ProgramRun, { symbol, args }: Asked): Task<Wire> {
  if (ownOf(services, symbol)) return performAtOnce(run, { symbol, args }, symbol)
  const asking = askingOf(run)
  const longer = ownOf(interruptible, symbol)
  if (longer) return yield* longer(asking, args)
  const slot = slotOf(symbol)
  const decoded = argumentsOf(asking, slot, args)
  if (isOp(symbol)) return run.objects.toWire(yield* opOf(slot, decoded)(...decoded))
  const value = slot.task ? yield* slot.call(...decoded) : (slot.call(...decoded) as unknown)
  return run.objects.toWire(value)
}

function performFirst(run: ProgramRun, { first }: ThreadReply, caller: string): void {
  if (first) for (const asked of first) performAtOnce(run, asked, caller)
}

/** In a call that is one step: whatever could be interleaved is a step too many, and its task dies of it. */
function performAtOnce(run: ProgramRun, asked: Asked, caller: string): Wire {
  try {
    const { symbol, args } = asked
    const service = ownOf(services, symbol)
    if (service) return service(askingOf(run), args)
    const slot = ownOf(interruptible, symbol) ? null : slotOf(symbol)
    if (slot?.task !== false) throw new Oops(`${symbol} where ${caller} does one step`)
    return run.objects.toWire(slot.call(...argumentsOf(askingOf(run), slot, args)))
  } catch (error) {
    if (error instanceof Oops) run.abandon(threadNumber())
    throw error
  }
}

const askingOf = (run: ProgramRun): Asking => ({
  objects: run.objects,
  functionOf: functionsOf(run.program),
})

/** Functions of the program, as the kernel calls them. The same name is the same function. */
function functionsOf(program: Program): FunctionOf {
  const known = (functions.get(program) ?? functions.set(program, new Map()).get(program))!
  return (name, called) => {
    const key = `${kindOfResult(called)} ${name}`
    if (!known.has(key)) known.set(key, (called.task ? taskOf : plainOf)(program, name, called))
    return known.get(key)
  }
}
const functions = new WeakMap<Program, Map<string, unknown>>()

const kindOfResult = ({ task, result }: Called): string =>
  `${task} ${[nothing, int, bool].indexOf(result as never)}`

function slotOf(symbol: string): Slot {
  const slot = kernel.get(symbol)
  if (slot && !hidden.has(symbol)) return slot
  throw new Gone('protocol', `it calls ${symbol}, which is nothing that a program can call`)
}

/** Symbols whose second argument is a function, and of what kind: a condition is one step. */
const takesFunction = new Map<string, Called>([
  ['wait_event_timeout', { task: false, result: bool }],
  ['schedule_timeout', { task: false, result: bool }],
  ['kref_put', { task: true, result: nothing }],
])

/** What a call is made with. Whether it makes sense is known once it is shown as an event would show it. */
function argumentsOf({ objects, functionOf }: Asking, slot: Slot, args: readonly Wire[]): any[] {
  const kind = takesFunction.get(slot.name)
  const decoded = args.map((arg) => objects.fromWire(arg, kind && ((fn) => functionOf(fn, kind))))
  const says = `it calls ${slot.name} with ${JSON.stringify(args)}`
  if (decoded.length !== slot.ids!.length)
    throw new Gone('protocol', `${says}; it takes ${slot.ids!.length} arguments`)
  if ((typeof decoded[1] === 'function') !== (kind !== undefined))
    throw new Gone('protocol', `${says}; its second argument is ${kind ? 'no' : 'a'} function`)
  const wrong = Object.entries(shown(slot, decoded, says)).find(([, value]) => !isShown(value))
  if (wrong) throw new Gone('protocol', `${says}; its ${wrong[0]} makes no sense`)
  return decoded
}

function shown(slot: Slot, args: readonly unknown[], says: string): object {
  try {
    let ids = {}
    const taken = takenIn(() => (ids = unwatched(() => slot.ids!(...args))))
    const wrong = taken.find(([object, kind]) => !isOfKind(object, kind))
    if (wrong) throw new Gone('protocol', `${says}, of which one is no ${wrong[1]}`)
    return ids
  } catch (error) {
    if (error instanceof Oops || error instanceof Gone) throw error
    throw new Gone('protocol', `${says}, which makes no sense`)
  }
}

const isShown = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)

/** The callback in the table of the object that a call names first. */
function opOf(slot: Slot, [object]: readonly unknown[]): (...args: any[]) => Task<unknown> {
  const { ops } = object as { ops?: Record<string, unknown> }
  const op = ops?.[slot.name.split('.')[1]!]
  if (typeof op === 'function') return op as never
  throw new Gone('protocol', `it calls ${slot.name} of an object that has none`)
}

function ownOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
