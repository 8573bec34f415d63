/**
 * Are the monitors themselves tested? One handler or one comparison of theirs is changed at a time, and recorded
 * logs are judged again: a change that alters no verdict on any log is something that nothing depends on.
 */
import type { Event } from '../engine/events'
import type { Contract } from '../spec/contract'
import { judgeOf, type Finding } from '../spec/judge'
import type { Change, Switched } from './monitor-source'

export type Log = readonly Event[]

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
export function judgeChanges(switched: Switched, logs: readonly Log[]): MonitorReport {
  const { contracts, changes, reached, turnOn } = switched
  const reaching = changes.map((): number[] => [])
  const all = judgeOf(contracts)
  turnOn(null)
  const verdicts = logs.map((log, n) => {
    reached.clear()
    const findings = all.judge(log)
    for (const change of reached) reaching[change]!.push(n)
    return new Map(contracts.map(({ id }, i) => [id, verdictText(findings[i]!)]))
  })
  const isNoticed = (change: Change, index: number): boolean => {
    const noticing = contracts.filter(({ id }) => change.contracts.includes(id))
    const { judge } = judgeOf(noticing)
    turnOn(index)
    const changed = reaching[index]!.some((n) =>
      differs(noticing, () => judge(logs[n]!), verdicts[n]!),
    )
    turnOn(null)
    return changed
  }
  const survivors = changes.flatMap((change, index) =>
    isNoticed(change, index) ? [] : [{ ...change, reached: reaching[index]!.length }],
  )
  return {
    logs: logs.length,
    events: logs.reduce((sum, log) => sum + log.length, 0),
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
