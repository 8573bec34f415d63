/**
 * From the lines of a log to the events that contracts hear, one log for each life of an address space.
 *
 * Returns are paired with entries in their task. An address that is used again is another object: a life of an mm
 * begins with the first registration on it and ends when its subscriptions are destroyed; a notifier lives from one
 * registration to the next, a pass from a start to its end. A pass's descriptor is on the stack of its task, so an
 * end in another task is no end of it. What began before the log, or before events were lost, is not judged.
 */
import type { Event } from '../../engine/events'
import { makersOf, type Makers } from '../../engine/makers'
import { argumentsOf, numberOf, type Arguments, type LogLine } from './line'
import type { LineHearer } from './read-log'
import { isAddress, probesOf, type Probe } from './known-probes'
import {
  abandonPasses,
  beginLife,
  namesIn,
  noteEnd,
  noteRefusal,
  noteStart,
  type Life,
} from './lives'
import { recordedBy } from './record'
import { symbolsOf } from './recorded'
import { endOfPass, startOfPass, wrapperOf, wrappersOf } from './wrappers'

/** Hears what a log says of each address space. */
export interface LifeHearer {
  begins(life: Life): void
  event(life: Life, event: Event, line: LogLine): void
  /** `how` says whether all of it was seen. */
  ends(life: Life, how: LifeEnd): void
}
/** `destroyed`: nothing can follow. `quiet`: the log ends and nothing was under way. `cut`: something was. */
export type LifeEnd = 'destroyed' | 'quiet' | 'cut'

/** A call that is under way. */
interface Frame {
  readonly event: string
  readonly probe: Probe
  readonly line: LogLine
  /** What it is about; null where that is not judged. */
  shown: Shown | null
}
interface Shown {
  readonly life: Life
  /** Its entry, and the entry of the function around it if that is one that is not probed. */
  readonly entry: Event
  readonly around: Event | null
}
export interface LogTask {
  readonly index: number
  readonly frames: Frame[]
}

const begins = '__mmu_notifier_register'
const inserts = 'mmu_interval_notifier_insert'
const destroys = '__mmu_notifier_subscriptions_destroy'

export interface Translation extends LineHearer {
  /** The log is over. */
  end(): void
  readonly recorded: ReadonlySet<string>
}

interface Translating {
  readonly returns: ReadonlySet<string>
  readonly hearer: LifeHearer
  readonly lives: Map<string, Life>
  readonly tasks: Map<string, LogTask>
  readonly probes: ReturnType<typeof probesOf>
  readonly recorded: Set<string>
  readonly makers: Map<string, Makers>
  /** By address of an interval notifier, the mm it was inserted into last: some of its lines do not say. */
  readonly intervals: Map<string, string>
  lifeCount: number
  taskCount: number
}

/** `returns` are the functions whose returns are probed: those of others are taken to be over at the task's next line. */
export function translation(returns: ReadonlySet<string>, hearer: LifeHearer): Translation {
  const state: Translating = {
    ...{ returns, hearer, lives: new Map(), tasks: new Map(), probes: probesOf() },
    ...{
      recorded: new Set<string>(),
      makers: new Map(),
      intervals: new Map(),
      lifeCount: 0,
      taskCount: 0,
    },
  }
  return {
    line: (line) => read(state, line),
    lost: () => {
      for (const life of [...state.lives.values()]) end(state, life, null, 'cut')
      state.tasks.clear()
    },
    end: () => {
      for (const life of [...state.lives.values()])
        end(state, life, null, isUnderWay(state, life) ? 'cut' : 'quiet')
    },
    recorded: state.recorded,
  }
}

function read(state: Translating, line: LogLine): void {
  const { event } = line
  if (event === 'sched_process_exit') return exits(state, line)
  const probed = recordedBy(event, line.rest)
  if (probed !== null) return symbolsOf([probed]).forEach((symbol) => state.recorded.add(symbol))
  const args = argumentsOf(line)
  if (event === 'sched_process_fork') return forks(state, args)
  if (event.endsWith('_ret')) {
    const name = event.slice(0, -'_ret'.length)
    if (state.probes.known(name)) leave(state, line, name, args)
    return
  }
  const probe = state.probes.find(event, args)
  if (!probe && event !== destroys) return
  const address = args('mm') ?? state.intervals.get(args('sub') ?? '') ?? ''
  if (event === begins && args('subs') === '0x0' && isAddress(address)) begin(state, line, address)
  if (event === inserts) state.intervals.set(args('sub') ?? '', address)
  const life = state.lives.get(address) ?? null
  if (life) {
    life.last = line
    if (event === destroys) return end(state, life, line, 'destroyed')
  }
  if (probe) enter(state, line, probe, life, args)
}

// ---- calls ------------------------------------------------------------------------------------------------------

function enter(
  state: Translating,
  line: LogLine,
  probe: Probe,
  life: Life | null,
  args: Arguments,
): void {
  const task = taskOf(state, line)
  closeUnprobed(state, task, line)
  state.recorded.add(probe.symbol)
  const shown = life ? show(state, life, line, probe, args) : null
  task.frames.push({ event: line.event, probe, line, shown })
}

function show(
  state: Translating,
  life: Life,
  line: LogLine,
  probe: Probe,
  args: Arguments,
): Shown | null {
  const { index } = taskOf(state, line)
  if (probe.symbol === startOfPass) noteStart(life, args('range'), index)
  if (probe.symbol === endOfPass) noteEnd(life, args('range'), index)
  if (probe.symbol === begins) life.notifiers.delete(args('sub') ?? '')
  if (probe.symbol === inserts) life.intervals.delete(args('sub') ?? '')
  const ids = probe.ids(args, namesIn(life, index))
  if (ids === null) return null
  noteOp(state, life, line, probe, ids)
  const wrapper = wrapperOf(probe.symbol, ids)
  const around = wrapper === null ? null : called(state, life, line, wrapper, ids)
  return { life, entry: called(state, life, line, probe.symbol, ids), around }
}

function leave(state: Translating, line: LogLine, name: string, args: Arguments): void {
  const task = taskOf(state, line)
  const at = task.frames.findLastIndex(({ event }) => event === name)
  if (at < 0) return missing(state, state.probes.known(name)!)
  while (task.frames.length > at + 1) drop(state, task, line)
  const { probe, shown } = task.frames.pop()!
  state.recorded.add(`${probe.symbol}.return`)
  const value = probe.result === 'nothing' ? undefined : numberOf(args('ret') ?? args('seq'))
  if (shown === null) return
  // A return that does not say what was returned is as good as none.
  if (value === null) lacks(shown.life, probe, '.return')
  else over(state, probe, shown, line, probe.result === 'bool' ? value !== 0 : value)
}

/** Ends calls of functions whose returns the log does not show. */
function closeUnprobed(state: Translating, task: LogTask, line: LogLine): void {
  const { frames } = task
  for (let top = frames.at(-1); top && !state.returns.has(top.event); top = frames.at(-1))
    drop(state, task, line)
}

/** A call is over, and nobody saw its return: of one that returns nothing that is all there is to know. */
function drop(state: Translating, task: LogTask, line: LogLine): void {
  const { event, probe, shown } = task.frames.pop()!
  const isKnown = probe.result === 'nothing' && !state.returns.has(event)
  if (isKnown) state.recorded.add(`${probe.symbol}.return`)
  if (shown === null) return
  if (isKnown) over(state, probe, shown, line, undefined)
  else lacks(shown.life, probe, '.return')
}

function over(
  state: Translating,
  { symbol }: Probe,
  { life, entry, around }: Shown,
  line: LogLine,
  result: number | boolean | undefined,
): void {
  // A life that ended with the call still open has been judged.
  if (state.lives.get(life.address) !== life) return
  if (symbol === startOfPass && result !== 0) noteRefusal(life, entry)
  returned(state, life, line, entry, result)
  if (around) returned(state, life, line, around, result)
}

// ---- what is missing ----------------------------------------------------------------------------------------------

/** The log lacks an entry or a return of a function: what hears it cannot judge this life. */
function lacks(life: Life, { symbol }: Probe, phase: '' | '.return'): void {
  for (const name of [symbol, ...wrappersOf(symbol)]) life.holes.add(`${name}${phase}`)
}

/** A return without an entry: an entry is missing, nobody knows whose. */
function missing({ lives }: Translating, probe: Probe): void {
  for (const life of lives.values()) lacks(life, probe, '')
}

// ---- what only a log has to tell --------------------------------------------------------------------------------------

function noteOp(
  state: Translating,
  life: Life,
  line: LogLine,
  { op }: Probe,
  ids: { mn?: string },
): void {
  const { mn } = ids
  if (op === undefined || mn === undefined || life.ops.has(`${mn} ${op}`)) return
  life.ops.add(`${mn} ${op}`)
  called(state, life, line, 'op_shown', { mn, op })
}

// ---- tasks and lives ------------------------------------------------------------------------------------------------

function taskOf(state: Translating, { pid, cpu }: LogLine): LogTask {
  const key = pid === 0 ? `idle ${cpu}` : String(pid)
  let task = state.tasks.get(key)
  if (!task) state.tasks.set(key, (task = { index: state.taskCount++, frames: [] }))
  return task
}

/** A task that is past its exit is inside of none of our functions: passes that it left open stay so. */
function exits(state: Translating, line: LogLine): void {
  const task = taskOf(state, line)
  while (task.frames.length > 0) drop(state, task, line)
  for (const life of state.lives.values()) abandonPasses(life, task.index)
}

/** A pid that is given again is another task. */
function forks({ tasks }: Translating, args: Arguments): void {
  const child_pid = args('child_pid')
  if (child_pid !== undefined) tasks.delete(child_pid)
}

/** A life begins with what is under way in its task: the registration is part of what the driver called. */
function begin(state: Translating, line: LogLine, address: string): void {
  const old = state.lives.get(address)
  if (old) end(state, old, null, 'cut')
  const life = beginLife(++state.lifeCount, address)
  state.lives.set(address, life)
  state.hearer.begins(life)
  for (const frame of taskOf(state, line).frames) {
    const args = argumentsOf(frame.line)
    if (args('mm') === address) frame.shown = show(state, life, frame.line, frame.probe, args)
  }
}

function end({ lives, hearer }: Translating, life: Life, line: LogLine | null, how: LifeEnd): void {
  lives.delete(life.address)
  const last = line ?? life.last
  if (last) hearer.event(life, runEnd(life, last, how === 'cut' ? 'cut' : 'done'), last)
  hearer.ends(life, how)
}

/** Whether somebody is inside a call of a life, or a pass of it may still be ended. */
function isUnderWay({ tasks }: Translating, life: Life): boolean {
  return (
    [...tasks.values()].some(({ frames }) => frames.some(({ shown }) => shown?.life === life)) ||
    [...life.passes.values()].some(({ state }) => state === 'open')
  )
}

/** Hands an entry on. */
function called(state: Translating, life: Life, line: LogLine, symbol: string, ids: object): Event {
  let makers = state.makers.get(symbol)
  if (!makers) state.makers.set(symbol, (makers = makersOf(symbol, Object.keys(ids))))
  const event = makers.call(ids, life.at++, line.number, taskOf(state, line).index)
  state.hearer.event(life, event, line)
  return event
}

/** Hands the return of a call on. */
function returned(
  state: Translating,
  life: Life,
  line: LogLine,
  entry: Event,
  result: number | boolean | undefined,
): void {
  const makers = state.makers.get(entry.symbol)!
  const event = makers.return(entry, life.at++, line.number, entry.task, result)
  state.hearer.event(life, event, line)
}

function runEnd(life: Life, line: LogLine, kind: string): Event {
  const base = { at: life.at, step: line.number, task: -1, entry: life.at, phase: 'call' as const }
  return { ...base, symbol: 'run_end', kind }
}
