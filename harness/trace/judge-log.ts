/** Judges a recorded log: the contracts that drive campaigns, over each life of an address space in it. */
import type { Event } from '../../engine/events'
import type { Contract } from '../../spec/contract'
import { judgeOf, type Finding, type Judge, type Listening, type Objection } from '../../spec/judge'
import type { Generation } from '../../spec/generations'
import type { LogLine } from './line'
import type { Life } from './lives'
import { ordersOf } from './orders'
import { contractsOf, needs as needsOf, translatable, unrecorded, withWrappers } from './recorded'
import {
  readLog,
  readText,
  returnsIn,
  returnsInText,
  type LineHearer,
  type LogState,
} from './read-log'
import { translation, type LifeEnd } from './translate'

/** A log that can be read again and again. */
export interface LogSource {
  readonly name: string
  read(hearer: LineHearer): Promise<LogState>
  /** Names of functions whose returns it shows. */
  returns(): Promise<ReadonlySet<string>>
}

export function fileSource(file: string): LogSource {
  return { name: file, read: (hearer) => readLog(file, hearer), returns: () => returnsIn(file) }
}

export function textSource(name: string, text: string): LogSource {
  return {
    name,
    read: (hearer) => Promise.resolve(readText(text, hearer)),
    returns: () => Promise.resolve(returnsInText(text)),
  }
}

export interface Judging {
  readonly contracts: readonly Contract[]
  readonly generation: Generation
  /** Symbols that are known to have been recorded though the log may not show one. */
  readonly declared: ReadonlySet<string>
  /** How many other orders of a life are tried at most before it counts as broken; 100 unless told. */
  readonly orders?: number
}

/** What a log says of one contract. */
export interface LogTally {
  readonly contract: Contract
  exercised: number
  readonly witnesses: Set<string>
  /** Lives in which it could not be judged, because lines are missing. */
  holed: number
  /** What it would have to hear and the log does not record. */
  unrecorded: readonly string[]
  violation: Violation | null
  /** Lives in which the order of lines breaks it, and another that the log allows does not. */
  doubtful: number
}

export interface Violation {
  readonly says: string
  /** Events and lines of the life, in the order of the log. */
  readonly story: readonly Told[]
  /** Position of the event at which the contract objects. */
  readonly at: number
  /** Orders that the log allows and that were tried, all of which break the contract. */
  readonly orders: number
}
export interface Told {
  readonly event: Event
  readonly line: LogLine
}

export interface LogVerdict {
  readonly log: string
  readonly state: LogState
  /** Lives of address spaces that were judged, and those of which the end was not seen. */
  lives: number
  unfinished: number
  readonly tallies: readonly LogTally[]
}

interface Suspicion {
  readonly tally: LogTally
  readonly life: number
}

export async function judgeLog(source: LogSource, judging: Judging): Promise<LogVerdict> {
  const contracts = contractsOf(judging.contracts, judging.generation)
  const tallies = contracts.map(tallyOf)
  const returns = await source.returns()
  const hearing = hearLives(tallies.filter(canBeHeard(judging.generation)))
  const translated = translation(returns, hearing.hearer)
  const state = await source.read(translated)
  translated.end()
  const recorded = withWrappers([...translated.recorded, ...judging.declared])
  for (const tally of tallies)
    tally.unrecorded = unrecorded(tally.contract, judging.generation, recorded)
  const suspicions = hearing.suspicions.filter(({ tally }) => tally.unrecorded.length === 0)
  await confirm(source, returns, suspicions, judging.orders ?? ordersMax)
  return { log: source.name, state, ...hearing.counts, tallies }
}

function tallyOf(contract: Contract): LogTally {
  const found = { violation: null, unrecorded: [], holed: 0, doubtful: 0 }
  return { contract, exercised: 0, witnesses: new Set(), ...found }
}

/** Whether a log could record all that a contract has to hear. */
function canBeHeard(generation: Generation): (tally: LogTally) => boolean {
  return ({ contract }) => unrecorded(contract, generation, translatable).length === 0
}

/** Judges lives while the log is read; what contracts object to is only suspected. */
function hearLives(tallies: readonly LogTally[]) {
  const judge = judgeOf(tallies.map(({ contract }) => contract))
  const needs = tallies.map(({ contract }) => needsOf(contract))
  const contradictory = new Set<Life>()
  const hearings = new Map<Life, Listening>()
  const suspicions: Suspicion[] = []
  const counts = { lives: 0, unfinished: 0 }
  const hearer = {
    begins: (life: Life) => void hearings.set(life, judge.listen()),
    event: (life: Life, event: Event) => {
      if (!contradictory.has(life) && !makesSense(hearings.get(life)!.hear, event))
        contradictory.add(life)
    },
    ends: (life: Life, how: LifeEnd) => {
      counts.lives++
      if (how !== 'destroyed') counts.unfinished++
      const { findings } = hearings.get(life)!
      hearings.delete(life)
      const isContradictory = contradictory.delete(life)
      tallies.forEach((tally, index) => {
        const isHoled = [...life.holes].some((hole) => needs[index]!.has(hole))
        if (isHoled || isContradictory) tally.holed++
        else if (add(tally, findings[index]!)) suspicions.push({ tally, life: life.number })
      })
    },
  }
  return { hearer, suspicions, counts }
}

const suspectedLivesMax = 20

/** Whether events make sense to the monitors: no kernel returns from what it never entered, but a damaged log may. */
function makesSense(hear: (event: Event) => void, event: Event): boolean {
  try {
    hear(event)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Adds what a life showed of a contract; whether it has to be looked at again. */
function add(tally: LogTally, { witnesses, objections }: Finding): boolean {
  for (const [witness, times] of witnesses) {
    tally.exercised += times
    tally.witnesses.add(witness)
  }
  return objections.length > 0 && tally.doubtful++ < suspectedLivesMax
}

const ordersMax = 100
/** Events of all orders of one life that are judged at most. */
const reorderedMax = 2_000_000
/** A longer life is judged in the order of its lines alone. */
const storyMax = 400_000

/** Reads the log again, for the lives in which contracts object: each must object in every order that is tried. */
async function confirm(
  source: LogSource,
  returns: ReadonlySet<string>,
  suspicions: readonly Suspicion[],
  ordersWanted: number,
): Promise<void> {
  for (const { tally } of suspicions) tally.doubtful = 0
  if (suspicions.length === 0) return
  const wanted = new Set(suspicions.map(({ life }) => life))
  const stories = new Map<number, Told[]>()
  const translated = translation(returns, {
    begins: ({ number }) => void (wanted.has(number) && stories.set(number, [])),
    event: ({ number }, event, line) => void stories.get(number)?.push({ event, line }),
    ends: ({ number }) => {
      const story = stories.get(number)
      stories.delete(number)
      const suspects = suspicions.filter(({ life }) => life === number).map(({ tally }) => tally)
      if (story) convict(suspects.filter(isFree), story, ordersWanted)
    },
  })
  await source.read(translated)
  translated.end()
}

const isFree = ({ violation }: LogTally): boolean => violation === null

/** Who objects to a life in the order of its lines must do so in the others too. */
function convict(
  suspects: readonly LogTally[],
  story: readonly Told[],
  ordersWanted: number,
): void {
  const events = story.map(({ event }) => event)
  const objections = objectionsOf(judgeFor(suspects), events)
  const orders = events.length > storyMax ? 0 : ordersOfALife(events.length, ordersWanted)
  let left = suspects.filter((_suspect, index) => objections[index])
  let judge = judgeFor(left)
  for (const order of left.length > 0 ? ordersOf(events, orders) : []) {
    const again = objectionsOf(judge, order)
    const acquitted = left.filter((_tally, index) => !again[index])
    for (const tally of acquitted) tally.doubtful++
    if (acquitted.length === 0) continue
    left = left.filter((tally) => !acquitted.includes(tally))
    if (left.length === 0) return
    judge = judgeFor(left)
  }
  for (const tally of left) {
    const { says, at } = objections[suspects.indexOf(tally)]!
    tally.violation = { says, at, story, orders }
  }
}

function judgeFor(tallies: readonly LogTally[]): Judge {
  return judgeOf(tallies.map(({ contract }) => contract))
}

/** The first objection of each contract, if it has one. */
function objectionsOf(judge: Judge, events: readonly Event[]): readonly (Objection | undefined)[] {
  const { hear, findings } = judge.listen()
  if (!events.every((event) => makesSense(hear, event))) return []
  return findings.map(({ objections }) => objections[0])
}

function ordersOfALife(events: number, wanted: number): number {
  return Math.max(2, Math.min(wanted, Math.floor(reorderedMax / events)))
}
