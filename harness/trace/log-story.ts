/** What breaks a contract in a log, in columns: one a CPU, each line with its number in the log. */
import type { Event } from '../../engine/events'
import { sortBy, uniq } from 'lodash'
import { drawColumns, wrap, type Line } from '../../engine/columns'
import { builtinEvents } from '../../spec/events'
import { shortName } from '../story'
import type { LogTally, Told, Violation } from './judge-log'

const linesMax = 24
const idsInSentence = /\b(?:pass|mn|interval):\d+/g

export function storyOf({ contract, violation }: LogTally, log: string): string[] {
  const { says, orders } = violation!
  const shown = shownLines(violation!)
  const cpus = sortBy(uniq(shown.map(({ line }) => line.cpu)))
  const first = cpus.length === 0 ? [] : drawColumns(cpus.map(heading), shown.map(drawn(cpus)))
  return [
    ...first,
    ...wrap(`=> ${contract.id}: ${says}`, '   '),
    ...wrap(`   ${log}, ${whereOf(shown)}; ${ordersSaid(orders)}`, '   '),
    ...wrap(`   ${contract.says} (${contract.cites.join(', ')})`, '   '),
  ]
}

/** Numbers of the lines that a story shows. */
export function linesOfStory(violation: Violation): number[] {
  return shownLines(violation).map(({ line }) => line.number)
}

/** Of what the sentence names, the latest use of each id up to the objection, and where the contract objects. */
function shownLines({ says, story, at }: Violation): Told[] {
  const last = story.findLastIndex(({ event }) => event.at <= at)
  const objects = story[last]
  const ids = idsOf(says, objects)
  const about = story
    .slice(0, last)
    .filter(({ event }) => [event.pass, event.mn, event.interval].some((id) => ids.has(String(id))))
  const within = latestPass(about, ids)
  const told = objects && objects.event.symbol !== 'run_end' ? [...within, objects] : within
  return onePerLine(told).slice(-linesMax)
}

/** What a sentence is about: the passes that it or its event names, or else notifiers. */
function idsOf(says: string, objects: Told | undefined): ReadonlySet<string> {
  const ids = new Set(says.match(idsInSentence) ?? [])
  const own = objects?.event.pass
  if (typeof own === 'string') ids.add(own)
  const passes = [...ids].filter((id) => id.startsWith('pass:'))
  return passes.length > 0 ? new Set(passes) : ids
}

/** An id of a pass is used again: only its latest use is told. */
function latestPass(about: readonly Told[], ids: ReadonlySet<string>): readonly Told[] {
  const from = about.findLastIndex(
    ({ event }) =>
      event.symbol === '__mmu_notifier_invalidate_range_start' &&
      event.phase === 'call' &&
      ids.has(String(event.pass)),
  )
  return from < 0 ? about : about.slice(from)
}

/** What the log has in one line is told in one: the core's function rather than what is around it. */
function onePerLine(told: readonly Told[]): Told[] {
  const byLine = new Map<number, Told>()
  for (const one of told)
    if (
      !builtinEvents.has(one.event.symbol) &&
      !byLine.get(one.line.number)?.event.symbol.startsWith('__')
    )
      byLine.set(one.line.number, one)
  return [...byLine.values()]
}

const heading = (cpu: number): string => `CPU ${cpu}`

function drawn(cpus: readonly number[]): (told: Told) => Line {
  return ({ event, line }) => {
    const column = cpus.indexOf(line.cpu)
    const text = event.phase === 'call' ? called(event) : returned(event)
    return { column, text: `${line.comm}-${line.pid} ${text}`, mark: String(line.number) }
  }
}

/** Intervals are pages. */
function called({ symbol, pass, mn, interval, start, end, blockable }: Event): string {
  const part = start === undefined ? undefined : `[${String(start)}, ${String(end)})`
  const must = blockable === false ? 'non-blockable' : undefined
  const words = [shortName(symbol), mn ?? interval, part, pass, must]
  return words.filter((word) => word !== undefined).join(' ')
}

function returned({ symbol, result, mn, interval }: Event): string {
  const who = mn ?? interval
  const what = who === undefined ? shortName(symbol) : `${shortName(symbol)} ${String(who)}`
  return result === undefined ? `${what} returns` : `${what} -> ${String(result)}`
}

function whereOf(shown: readonly Told[]): string {
  const numbers = shown.map(({ line }) => line.number)
  if (numbers.length === 0) return 'at its end'
  return numbers.length === 1 ? `line ${numbers[0]}` : `lines ${numbers[0]} to ${numbers.at(-1)}`
}

function ordersSaid(orders: number): string {
  return orders === 0
    ? 'judged in the order of its lines'
    : `so in ${orders} other orders that the log allows`
}
