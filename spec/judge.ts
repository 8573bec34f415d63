/** Folds a log into verdicts: pure, over a finished run, so that any log can be judged again. */
import { EngineError } from '../engine/errors'
import type { Event } from '../engine/events'
import { reads, writes } from '../engine/footprint'
import { RecordedState } from '../engine/recorded-state'
import type { Contract, Fact, Tell } from './contract'
import { builtinEvents, heardSymbol } from './events'

/** An objection of one contract: where in the log, and what it says. */
export interface Objection {
  readonly contract: string
  readonly at: number
  readonly says: string
}

/** What one run showed of one contract. */
export interface Finding {
  readonly objections: readonly Objection[]
  /** How often its antecedent held, by shape of witness. */
  readonly witnesses: ReadonlyMap<string, number>
}

/** A log that is being judged. The findings grow with what is heard. */
export interface Listening {
  hear(event: Event): void
  readonly findings: readonly Finding[]
}

/** Judges logs against a fixed set of contracts. */
export interface Judge {
  readonly contracts: readonly Contract[]
  /** The symbols that a run must observe for these contracts. */
  readonly listens: ReadonlySet<string>
  /** A verdict on every contract, in their order. */
  judge(events: readonly Event[]): readonly Finding[]
  /** Judges a log that comes event by event. */
  listen(): Listening
  /** Hears a run while it goes on, so that what the monitors look at is in the footprints of its steps. */
  follow(): (event: Event) => void
}

/** A contract, and the first thing that it says of a run. */
export interface Objecting {
  readonly contract: Contract
  readonly objection: Objection
}

/** Judges a log once: the contracts that object, in their order, each with its first objection. */
export function objectingTo(
  events: readonly Event[],
  contracts: readonly Contract[],
  judge = judgeOf(contracts),
): Objecting[] {
  const findings = judge.judge(events)
  return contracts.flatMap((contract, i) => {
    const [objection] = findings[i]!.objections
    return objection ? [{ contract, objection }] : []
  })
}

type Handler = (state: any, event: any, known: any, tell: any) => void
/** A handler, and whose. */
interface Heard {
  /** Index of the fact, or behind all facts that of the contract. */
  readonly monitor: number
  readonly handler: Handler
}
/** Who hears an entry of a symbol, and who a return, in the order in which they are told. */
interface Listeners {
  readonly call: Heard[]
  readonly return: Heard[]
}

export function judgeOf(contracts: readonly Contract[]): Judge {
  const facts = factsOf(contracts)
  // Facts come first, so that they are up to date when contracts hear of an event.
  const monitors: readonly Monitor[] = [...facts, ...contracts]
  const heard = dispatch(monitors)
  const uses = monitors.map((monitor) => usesOf(monitor, facts))
  const listens = new Set(heard.keys())
  for (const name of builtinEvents) listens.delete(name)

  function judge(events: readonly Event[]): readonly Finding[] {
    const { hear, findings } = listen()
    events.forEach(hear)
    return findings
  }

  function listen(): Listening {
    const states = monitors.map((monitor) => monitor.start())
    const known = uses.map((used) => knownOf(used, states))
    const clock = { at: 0 }
    const recorders = contracts.map((contract) => new Recorder(contract.id, clock))
    const tells = [...facts.map(() => undefined), ...recorders]
    const hear = (event: Event): void => {
      const listeners = heard.get(event.symbol)
      if (listeners === undefined) return
      const told = event.phase === 'call' ? listeners.call : listeners.return
      clock.at = event.at
      for (let i = 0; i < told.length; i++) {
        const { monitor, handler } = told[i]!
        handler(states[monitor], event, known[monitor], tells[monitor])
      }
    }
    return { hear, findings: recorders }
  }

  function follow(): (event: Event) => void {
    const recorded = new RecordedState()
    const states = monitors.map((monitor) => recorded.wrap(monitor.start(), nameOf(monitor)))
    const known = uses.map((used) => knownOf(used, states))
    const hearers = monitors.map(hearerOf)
    return (event) => {
      const listeners = heard.get(event.symbol)
      if (listeners === undefined) return
      const seen = Object.assign(Object.create(dated) as typeof dated, event)
      for (const { monitor, handler } of listeners[event.phase]) {
        hearer = hearers[monitor]!
        handler(states[monitor], seen, known[monitor], silent)
      }
    }
  }
  return { contracts, listens, judge, listen, follow }
}

type Monitor = Contract | Fact<any>

/** A monitor by name, and the facts behind it: it may compare a position with those that they keep. */
interface Hearer {
  readonly name: string
  readonly facts: readonly string[]
}

const hearerOf = (monitor: Monitor): Hearer => ({
  name: nameOf(monitor),
  facts: factsOf([monitor]).map(nameOf),
})

const nameOf = (monitor: Monitor): string => ('id' in monitor ? monitor.id : `fact ${monitor.name}`)

let hearer: Hearer = { name: '', facts: [] }

/** An event whose position counts as a clock that its hearer reads: events that it dates keep their order. */
const dated = {
  position: -1,
  get at(): number {
    writes(`clock of ${hearer.name}`)
    for (const fact of hearer.facts) reads(`clock of ${fact}`)
    return this.position
  },
  set at(position: number) {
    this.position = position
  },
  get entry(): number {
    throw new EngineError(
      `${hearer.name} looks at the position of an entry it has not dated itself`,
    )
  },
  set entry(_position: number) {},
}

/** Verdicts and counts do not depend on the order in which they are told. */
const silent: Tell = { object: () => undefined, exercise: () => undefined }

class Recorder implements Tell, Finding {
  readonly objections: Objection[] = []
  readonly witnesses = new Map<string, number>()

  constructor(
    private readonly contract: string,
    private readonly clock: { readonly at: number },
  ) {}

  object(says: string): void {
    this.objections.push({ contract: this.contract, at: this.clock.at, says })
  }

  exercise(witness: string): void {
    this.witnesses.set(witness, (this.witnesses.get(witness) ?? 0) + 1)
  }
}

/** All facts that monitors use, each after those it uses itself. */
function factsOf(monitors: readonly Monitor[]): Fact<any>[] {
  const ordered: Fact<any>[] = []
  const add = (fact: Fact<any>): void => {
    if (ordered.includes(fact)) return
    Object.values(fact.uses).forEach(add)
    ordered.push(fact)
  }
  for (const { uses } of monitors) Object.values(uses).forEach(add)
  return ordered
}

/** Under which names a monitor knows facts, and which. */
function usesOf({ uses }: Monitor, facts: readonly Fact<any>[]): [name: string, fact: number][] {
  return Object.entries(uses).map(([name, fact]) => [name, facts.indexOf(fact)])
}

function knownOf(
  uses: readonly [name: string, fact: number][],
  states: readonly unknown[],
): Record<string, unknown> {
  const known: Record<string, unknown> = {}
  for (const [name, fact] of uses) known[name] = states[fact]
  return known
}

/**
 * What must be seen of a run for a verdict on a contract: the symbols that it and its facts hear, a symbol whose
 * return is heard as `symbol.return`. What a recorder adds of itself is left out.
 */
export function needsOf(contract: Contract): ReadonlySet<string> {
  const needs = new Set<string>()
  for (const { on } of [...factsOf([contract]), contract])
    for (const { symbol, phase } of Object.keys(on).map(heardSymbol))
      if (!builtinEvents.has(symbol)) needs.add(phase === 'return' ? `${symbol}.return` : symbol)
  return needs
}

/** By symbol, who hears it. */
function dispatch(monitors: readonly Monitor[]): ReadonlyMap<string, Listeners> {
  const table = new Map<string, Listeners>()
  monitors.forEach((monitor, index) => {
    for (const [name, handler] of Object.entries(monitor.on)) {
      const { symbol, phase } = heardSymbol(name)
      if (!table.has(symbol)) table.set(symbol, { call: [], return: [] })
      table.get(symbol)![phase].push({ monitor: index, handler: handler as Handler })
    }
  })
  return table
}
