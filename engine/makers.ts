/**
 * Events of one symbol: objects of one shape, made at once with all their fields.
 *
 * In V8 an object that grows field by field is slow, and a copy that grows is slower than fifty made at
 * once: its shape is never found again. So the text of the two functions that make a symbol's events is
 * written from the ids which it shows, and compiled; a text of its own gives each feedback of its own.
 */
import type { Event } from './events'

export interface Makers {
  call(ids: object, at: number, step: number, task: number): Event
  return(call: Event, at: number, step: number, task: number, result: unknown): Event
}

/** `ids` are the names of what an event of the symbol shows. */
export function makersOf(symbol: string, ids: readonly string[]): Makers {
  const shown = ids.map((key) => `${JSON.stringify(key)}: of[${JSON.stringify(key)}]`)
  const event = (phase: string, entry: string, ...more: string[]) => {
    const name = JSON.stringify(symbol)
    const own = [`at, step, task, symbol: ${name}, phase: '${phase}', entry: ${entry}`, ...more]
    return `({ ${[...shown, ...own].join(', ')} })`
  }
  const text = `return {
    call: (of, at, step, task) => ${event('call', 'at')},
    return: (of, at, step, task, result) => ${event('return', 'of.at', 'result')},
  }`
  return new Function(text)() as Makers
}
