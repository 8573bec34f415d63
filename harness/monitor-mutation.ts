/**
 * Are the monitors themselves tested? One handler or one comparison of theirs is changed at a time, and recorded
 * logs are judged again: a change that alters no verdict on any log is something that nothing depends on.
 */
import { sumBy } from 'lodash'
import type { Event } from '../engine/events'
import type { Contract } from '../spec/contract'
import { judgeOf, type Finding } from '../spec/judge'
import type { Change, Switched } from './monitor-source'

export type Log = readonly Event[]

/** A log that was written for one contract, and is judged by no other. */
export interface WrittenLog {
  readonly contract: string
  readonly events: Log
}

export interface MonitorReport {
  readonly logs: number
  readonly events: number
  readonly tried: number
  /** Changes that alter what some contract says of some log. */
  readonly noticed: number
  readonly survivors: readonly Survivor[]
}

export interface Survivor extends Change {
  /** On how many logs the place that was changed came up. */
  readonly reached: number
}

/** Judges the logs with every change in turn. */
export function judgeChanges(
  switched: Switched,
  recorded: readonly Log[],
  written: readonly WrittenLog[] = [],
): MonitorReport {
  const { contracts, changes, reached, turnOn } = switched
  const logs = [
    ...recorded.map((events) => ({ events, judges: contracts })),
    ...written.map(({ contract, events }) => ({
      events,
      judges: contracts.filter(({ id }) => id === contract),
    })),
  ]
  const reaching = changes.map((): number[] => [])
  turnOn(null)
  const verdicts = logs.map(({ events, judges }, n) => {
    reached.clear()
    const findings = judgeOf(judges).judge(events)
    for (const change of reached) reaching[change]!.push(n)
    return new Map(judges.map(({ id }, i) => [id, verdictText(findings[i]!)]))
  })
  const isNoticed = (change: Change, index: number): boolean => {
    turnOn(index)
    const changed = reaching[index]!.some((n) => {
      const { events, judges } = logs[n]!
      const noticing = judges.filter(({ id }) => change.contracts.includes(id))
      return differs(noticing, () => judgeOf(noticing).judge(events), verdicts[n]!)
    })
    turnOn(null)
    return changed
  }
  const survivors = changes.flatMap((change, index) =>
    isNoticed(change, index) ? [] : [{ ...change, reached: reaching[index]!.length }],
  )
  return {
    logs: logs.length,
    events: sumBy(logs, ({ events }) => events.length),
    tried: changes.length,
    noticed: changes.length - survivors.length,
    survivors,
  }
}

/** Whether a contract says something else, or its monitor breaks down. */
function differs(
  contracts: readonly Contract[],
  judge: () => readonly Finding[],
  before: ReadonlyMap<string, string>,
): boolean {
  try {
    const findings = judge()
    return contracts.some(({ id }, i) => verdictText(findings[i]!) !== before.get(id))
  } catch {
    return true
  }
}

function verdictText({ objections, witnesses }: Finding): string {
  return JSON.stringify([objections, [...witnesses].sort()])
}
