/** Folds a log into verdicts: pure, over a finished run, so that any log can be judged again. */
import { EngineError } from '../engine/errors'
import type { Event } from '../engine/events'
import { reads, writes } from '../engine/footprint'
import { RecordedState } from '../engine/recorded-state'
import type { Contract, Fact, Facts, Tell } from './contract'
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

/** Judges logs against a fixed set of contracts. */
export interface Judge {
  readonly contracts: readonly Contract[]
  /** The symbols that a run must observe for these contracts. */
  readonly listens: ReadonlySet<string>
  /** A verdict on every contract, in their order. */
  judge(events: readonly Event[]): readonly Finding[]
  /** Hears a run while it goes on, so that what the monitors look at is in the footprints of its steps. */
  follow(): (event: Event) => void
}

type Handler = (state: any, event: any, known: any, tell: any) => void
interface Heard {
  readonly index: number
  readonly handler: Handler
}

export function judgeOf(contracts: readonly Contract[]): Judge {
  const monitors = monitorsOf(contracts)
  const listens = new Set(
    [...monitors.ofFacts.keys(), ...monitors.ofContracts.keys()].map(symbolOf),
  )
  for (const name of builtinEvents) listens.delete(name)
  return {
    contracts,
    listens,
    judge: (events) => judge(monitors, events),
    follow: () => follow(monitors),
  }
}

/** Contracts with the facts that they use, and who hears what. */
interface Monitors {
  readonly contracts: readonly Contract[]
  readonly facts: readonly Fact<any>[]
  readonly ofFacts: ReadonlyMap<string, readonly Heard[]>
  readonly ofContracts: ReadonlyMap<string, readonly Heard[]>
}

function monitorsOf(contracts: readonly Contract[]): Monitors {
  const facts = factsOf(contracts)
  return { contracts, facts, ofFacts: dispatch(facts), ofContracts: dispatch(contracts) }
}

function judge(monitors: Monitors, events: readonly Event[]): Finding[] {
  const { factStates, factKnown, states, known } = begin(monitors, (monitor) => monitor.start())
  const recorders = monitors.contracts.map((contract) => new Recorder(contract.id))
  for (const event of events) {
    const key = keyOf(event)
    for (const { index, handler } of monitors.ofFacts.get(key) ?? none)
      handler(factStates[index], event, factKnown[index], undefined)
    for (const { index, handler } of monitors.ofContracts.get(key) ?? none) {
      const recorder = recorders[index]!
      recorder.at = event.at
      handler(states[index], event, known[index], recorder)
    }
  }
  return recorders
}

function follow(monitors: Monitors): (event: Event) => void {
  const recorded = new RecordedState()
  const { factStates, factKnown, states, known } = begin(monitors, (monitor) =>
    recorded.wrap(monitor.start(), nameOf(monitor)),
  )
  const factHearers = monitors.facts.map(hearerOf)
  const hearers = monitors.contracts.map(hearerOf)
  return (event) => {
    const key = keyOf(event)
    const seen = Object.assign(Object.create(dated) as typeof dated, event)
    for (const { index, handler } of monitors.ofFacts.get(key) ?? none) {
      hearer = factHearers[index]!
      handler(factStates[index], seen, factKnown[index], undefined)
    }
    for (const { index, handler } of monitors.ofContracts.get(key) ?? none) {
      hearer = hearers[index]!
      handler(states[index], seen, known[index], silent)
    }
  }
}

function begin({ facts, contracts }: Monitors, start: (monitor: Fact<any> | Contract) => unknown) {
  const factStates = facts.map(start)
  const known = ({ uses }: { readonly uses: Facts }) => pick(uses, facts, factStates)
  return {
    factStates,
    factKnown: facts.map(known),
    states: contracts.map(start),
    known: contracts.map(known),
  }
}

const keyOf = ({ phase, symbol }: Event): string =>
  phase === 'call' ? symbol : `${symbol}${returning}`
const returning = '.return'
const symbolOf = (key: string): string =>
  key.endsWith(returning) ? key.slice(0, -returning.length) : key

/** A monitor by name, and the facts behind it: it may compare a position with those that they keep. */
interface Hearer {
  readonly name: string
  readonly facts: readonly string[]
}

const hearerOf = (monitor: Fact<any> | Contract): Hearer => ({
  name: nameOf(monitor),
  facts: factsOf([monitor]).map(nameOf),
})

const nameOf = (monitor: Fact<any> | Contract): string =>
  'id' in monitor ? monitor.id : `fact ${monitor.name}`

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

const none: readonly Heard[] = []

class Recorder implements Tell, Finding {
  at = 0
  readonly objections: Objection[] = []
  readonly witnesses = new Map<string, number>()

  constructor(private readonly contract: string) {}

  object(says: string): void {
    this.objections.push({ contract: this.contract, at: this.at, says })
  }

  exercise(witness: string): void {
    this.witnesses.set(witness, (this.witnesses.get(witness) ?? 0) + 1)
  }
}

/** All facts that monitors use, each after those it uses itself. */
function factsOf(monitors: readonly { readonly uses: Facts }[]): Fact<any>[] {
  const ordered: Fact<any>[] = []
  const add = (fact: Fact<any>): void => {
    if (ordered.includes(fact)) return
    Object.values(fact.uses).forEach(add)
    ordered.push(fact)
  }
  for (const { uses } of monitors) Object.values(uses).forEach(add)
  return ordered
}

function pick(
  uses: Facts,
  facts: readonly Fact<any>[],
  states: readonly unknown[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(uses).map(([name, fact]) => [name, states[facts.indexOf(fact)]]),
  )
}

function dispatch(
  monitors: readonly { readonly on: object }[],
): ReadonlyMap<string, readonly Heard[]> {
  const table = new Map<string, Heard[]>()
  monitors.forEach((monitor, index) => {
    for (const [name, handler] of Object.entries(monitor.on)) {
      const { symbol, phase } = heardSymbol(name)
      const key = phase === 'call' ? symbol : `${symbol}${returning}`
      if (!table.has(key)) table.set(key, [])
      table.get(key)!.push({ index, handler: handler as Handler })
    }
  })
  return table
}
