/** Judges a recorded log: the contracts that drive campaigns, over each life of an address space in it. */
import type { Event } from '../../engine/events'
import type { Contract } from '../../spec/contract'
import { judgeOf, needsOf, type Finding, type Listening } from '../../spec/judge'
import type { Generation } from '../../spec/generations'
import type { LogLine } from './line'
import type { Life } from './lives'
import { ordersOf } from './orders'
import { contractsOf, unrecorded, withWrappers } from './recorded'
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
  const hearing = hearLives(contracts, tallies)
  const translated = translation(returns, hearing.hearer)
  const state = await source.read(translated)
  translated.end()
  const recorded = withWrappers([...translated.recorded, ...judging.declared])
  for (const tally of tallies)
    tally.unrecorded = unrecorded(tally.contract, judging.generation, recorded)
  const suspicions = hearing.suspicions.filter(({ tally }) => tally.unrecorded.length === 0)
  await confirm(source, returns, suspicions)
  return { log: source.name, state, ...hearing.counts, tallies }
}

function tallyOf(contract: Contract): LogTally {
  const found = { violation: null, unrecorded: [], holed: 0, doubtful: 0 }
  return { contract, exercised: 0, witnesses: new Set(), ...found }
}

/** Judges lives while the log is read; what contracts object to is only suspected. */
function hearLives(contracts: readonly Contract[], tallies: readonly LogTally[]) {
  const judge = judgeOf(contracts)
  const needs = contracts.map(needsOf)
  const hearings = new Map<Life, Listening>()
  const suspicions: Suspicion[] = []
  const counts = { lives: 0, unfinished: 0 }
  const hearer = {
    begins: (life: Life) => void hearings.set(life, judge.listen()),
    event: (life: Life, event: Event) => hearings.get(life)!.hear(event),
    ends: (life: Life, how: LifeEnd) => {
      counts.lives++
      if (how !== 'destroyed') counts.unfinished++
      const { findings } = hearings.get(life)!
      hearings.delete(life)
      tallies.forEach((tally, index) => {
        if ([...life.holes].some((hole) => needs[index]!.has(hole))) tally.holed++
        else if (add(tally, findings[index]!)) suspicions.push({ tally, life: life.number })
      })
    },
  }
  return { hearer, suspicions, counts }
}

const suspectedLivesMax = 20

/** Adds what a life showed of a contract; whether it has to be looked at again. */
function add(tally: LogTally, { witnesses, objections }: Finding): boolean {
  for (const [witness, times] of witnesses) {
    tally.exercised += times
    tally.witnesses.add(witness)
  }
  return objections.length > 0 && tally.doubtful++ < suspectedLivesMax
}

const ordersMax = 200
/** Events of all orders of one life that are judged at most. */
const reorderedMax = 2_000_000
/** A longer life is judged in the order of its lines alone. */
const storyMax = 400_000

/** Reads the log again, for the lives in which contracts object: each must object in every order that is tried. */
async function confirm(
  source: LogSource,
  returns: ReadonlySet<string>,
  suspicions: readonly Suspicion[],
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
      for (const { tally, life } of suspicions)
        if (story && life === number && tally.violation === null) convict(tally, story)
    },
  })
  await source.read(translated)
  translated.end()
}

function convict(tally: LogTally, story: readonly Told[]): void {
  const judge = judgeOf([tally.contract])
  const events = story.map(({ event }) => event)
  const [objection] = judge.judge(events)[0]!.objections
  if (!objection) return
  const orders = events.length > storyMax ? 0 : ordersWanted(events.length)
  for (const order of ordersOf(events, orders))
    if (judge.judge(order)[0]!.objections.length === 0) return void tally.doubtful++
  tally.violation = { says: objection.says, story, at: objection.at, orders }
}

function ordersWanted(events: number): number {
  return Math.max(2, Math.min(ordersMax, Math.floor(reorderedMax / events)))
}
