/**
 * Logs that were written by hand, `fixtures/logs/<contract>.txt`: what a contract makes of events that no run
 * of the reference or of a mutant shows. They are separated by empty lines.
 *
 * ```
 * # what the log is about
 * 1 down_read lock=rwsem:1 name=mmap_sem      an entry: task, name, and what the symbol shows
 * 1 down_read.return                          its return has the same, and a result
 * => what the contract objects
 * ~ a situation in which it was put to the test
 * ```
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../engine/errors'
import type { Event } from '../engine/events'
import { heardSymbol } from '../spec/events'

export interface LogFixture {
  /** Id of the contract that judges it. */
  readonly contract: string
  readonly title: string
  readonly events: readonly Event[]
  /** What the contract objects, in order. */
  readonly objections: readonly string[]
  /** Its witnesses, in the order in which they first come up. */
  readonly witnesses: readonly string[]
}

const folder = join(__dirname, '..', 'fixtures', 'logs')

export function logFixtures(): LogFixture[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const contract = file.slice(0, -'.txt'.length)
      const texts = readFileSync(join(folder, file), 'utf8')
        .trim()
        .split(/\n{2,}/)
      return texts.map((text) => parseLog(contract, text))
    })
}

export function parseLog(contract: string, text: string): LogFixture {
  const lines = text.split('\n')
  const marked = (mark: string): string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length))
  return {
    contract,
    title: marked('# ').join(' '),
    events: parseEvents(lines.filter((line) => /^-?\d/.test(line))),
    objections: marked('=> '),
    witnesses: marked('~ '),
  }
}

function parseEvents(lines: readonly string[]): Event[] {
  const events: Event[] = []
  const open: Event[] = []
  for (const [at, line] of lines.entries()) {
    const { task, symbol, phase, shown } = parseLine(line)
    const entry =
      phase === 'call'
        ? at
        : open.findLastIndex((one) => one.task === task && one.symbol === symbol)
    if (entry < 0) throw new EngineError(`"${line}" returns from what was not entered`)
    const [entered] = phase === 'call' ? [] : open.splice(entry, 1)
    const known = { ...entered, ...shown }
    const event = { ...known, at, step: at, task, symbol, phase, entry: entered?.at ?? at } as Event
    events.push(event)
    if (phase === 'call') open.push(event)
  }
  return events
}

function parseLine(line: string) {
  const match = /^(-?\d+) ([\w.]+)((?: \w+=(?:"[^"]*"|\S+))*)$/.exec(line)
  if (!match) throw new EngineError(`"${line}" is no event of a log`)
  const [, task, name, rest] = match
  const pairs = [...rest!.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)]
  const shown = Object.fromEntries(
    pairs.map(([, key, text, word]) => [key, text ?? valueOf(word!)]),
  )
  return { task: Number(task), ...heardSymbol(name!), shown }
}

function valueOf(word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true'
  return /^-?\d+$/.test(word) ? Number(word) : word
}
