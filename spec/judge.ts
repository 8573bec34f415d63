/** Folds a log into verdicts: pure, over a finished run, so that any log can be judged again. */
import type { Event } from '../engine/events'
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
  /** By symbol, a key for every contract that hears it: their order may matter to its verdict. */
  readonly touches: ReadonlyMap<string, readonly string[]>
  /** A verdict on every contract, in their order. */
  judge(events: readonly Event[]): readonly Finding[]
}

type Handler = (state: any, event: any, known: any, tell: any) => void
interface Heard {
  readonly index: number
  readonly handler: Handler
}

export function judgeOf(contracts: readonly Contract[]): Judge {
  const facts = factsOf(contracts)
  const listens = new Set<string>()
  const heardByFacts = dispatch(facts, listens)
  const heardByContracts = dispatch(contracts, listens)
  for (const name of builtinEvents) listens.delete(name)

  function judge(events: readonly Event[]): Finding[] {
    const factStates = facts.map((fact) => fact.start())
    const known = (uses: Facts) => pick(uses, facts, factStates)
    const factKnown = facts.map((fact) => known(fact.uses))
    const states = contracts.map((contract) => contract.start())
    const contractKnown = contracts.map((contract) => known(contract.uses))
    const recorders = contracts.map((contract) => new Recorder(contract.id))
    for (const event of events) {
      const key = event.phase === 'call' ? event.symbol : `${event.symbol}.return`
      for (const { index, handler } of heardByFacts.get(key) ?? none)
        handler(factStates[index], event, factKnown[index], undefined)
      for (const { index, handler } of heardByContracts.get(key) ?? none) {
        const recorder = recorders[index]!
        recorder.at = event.at
        handler(states[index], event, contractKnown[index], recorder)
      }
    }
    return recorders
  }
  return { contracts, listens, touches: touchesOf(contracts), judge }
}

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

/** All facts that the contracts use, each after those it uses itself. */
function factsOf(contracts: readonly Contract[]): Fact<any>[] {
  const ordered: Fact<any>[] = []
  const add = (fact: Fact<any>): void => {
    if (ordered.includes(fact)) return
    Object.values(fact.uses).forEach(add)
    ordered.push(fact)
  }
  for (const contract of contracts) Object.values(contract.uses).forEach(add)
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

/** A contract is touched by what it hears itself and by what its facts hear. */
function touchesOf(contracts: readonly Contract[]): Map<string, string[]> {
  const touches = new Map<string, string[]>()
  for (const contract of contracts)
    for (const monitor of [contract, ...factsOf([contract])])
      for (const name of Object.keys(monitor.on)) {
        const { symbol } = heardSymbol(name)
        const keys = touches.get(symbol) ?? []
        if (!keys.includes(contract.id)) touches.set(symbol, [...keys, contract.id])
      }
  return touches
}

function dispatch(
  monitors: readonly { readonly on: object }[],
  listens: Set<string>,
): ReadonlyMap<string, readonly Heard[]> {
  const table = new Map<string, Heard[]>()
  monitors.forEach((monitor, index) => {
    for (const [name, handler] of Object.entries(monitor.on)) {
      const { symbol, phase } = heardSymbol(name)
      const key = phase === 'call' ? symbol : `${symbol}.return`
      if (!table.has(key)) table.set(key, [])
      table.get(key)!.push({ index, handler: handler as Handler })
      listens.add(symbol)
    }
  })
  return table
}
