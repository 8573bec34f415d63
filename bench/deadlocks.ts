/**
 * Of the schedules of mutants that end in a deadlock, how many a check of the kernel had reported before: lockdep,
 * which sees orders of locks, or might_sleep, which sees sleeping where it is forbidden. Neither sees a wait for
 * an event (002:1891-1905).
 *
 *   node bin/bench.js deadlocks [--seed N] [--workloads N] [--json] [MUTANT...]
 *
 * The workloads are about every topic by turns, twenty of each. Lockdep remembers what earlier schedules of the same
 * mutant taught it, as a kernel that goes on running does.
 */
import { groupBy, sortBy, uniq } from 'lodash'
import type { End, Event } from '../engine/events'
import type { Execution } from '../engine/run'
import type { Patch } from '../engine/symbol'
import { mutant, mutantNames } from '../harness/registry'
import { runWorkload } from '../harness/workload'
import type { LockGraph } from '../reference/kernel/lockdep'
import { drawn, everyTopic, schedulesPerWorkload } from './models/drawn'
import { share } from './models/statistics'
import { flag, namesOf, numberOption } from './options'

export interface Deadlock {
  readonly mutant: string
  /** What the tasks of the cycle stand at, without names of objects. */
  readonly kind: string
  /** Lockdep reported in this schedule. */
  readonly lockdep: boolean
  /** Lockdep had reported in an earlier schedule of the mutant. */
  readonly lockdepEarlier: boolean
  /** A task of the cycle was told in this schedule that it may not sleep. */
  readonly might_sleep: boolean
}

/** Orders of locks that workloads break on purpose, to see lockdep report, are no news of a mutant. */
export function deadlocksOf(
  name: string,
  known: ReadonlySet<string>,
  seed: number,
  workloads: number,
): Deadlock[] {
  const found: Deadlock[] = []
  let lockdepEarlier = false
  for (const { end, events, tasks } of executions(mutant(name).patches, seed, workloads)) {
    const lockdep = cyclesIn(events).some((cycle) => !known.has(cycle))
    if (end.kind === 'deadlock') {
      const blocked = end.cycle.map(({ task }) => task)
      const might_sleep = events.some(
        ({ symbol, task }) => symbol === 'debug_report' && blocked.includes(tasks[task]!),
      )
      found.push({ mutant: name, kind: kindOf(end), lockdep, lockdepEarlier, might_sleep })
    }
    lockdepEarlier ||= lockdep
  }
  return found
}

function* executions(
  patches: readonly Patch[],
  seed: number,
  workloads: number,
): Generator<Execution> {
  const kernel = { patches, listens: new Set(['lockdep_report', 'debug_report']) }
  const lockGraph: LockGraph = new Map()
  let left = workloads * schedulesPerWorkload
  for (const { workload, choice, learn } of drawn(everyTopic(seed), seed)) {
    if (left-- === 0) return
    const execution = runWorkload(kernel, workload, choice(), { lockGraph })
    learn(execution)
    yield execution
  }
}

function cyclesIn(events: readonly Event[]): string[] {
  return events
    .filter(({ symbol }) => symbol === 'lockdep_report')
    .map(({ cycle }) => String(cycle))
}

function kindOf({ cycle }: Extract<End, { kind: 'deadlock' }>): string {
  const places = cycle.map(({ at }) => at.replace(/\[[^)]*\)|[\w.]*\d[\w.:]*/g, '').trim())
  return uniq(places.map((place) => place.replace(/\s+/g, ' ')))
    .sort()
    .join(' / ')
}

export function deadlocks(args: readonly string[]): void {
  const seed = numberOption(args, '--seed', 1)
  const workloads = numberOption(args, '--workloads', 140)
  const names = namesOf(args, mutantNames(), ['--seed', '--workloads'])
  const known = new Set(
    [...executions([], seed, workloads)].flatMap(({ events }) => cyclesIn(events)),
  )
  const all = names.flatMap((name) => deadlocksOf(name, known, seed, workloads))
  if (flag(args, '--json')) {
    console.log(JSON.stringify({ seed, workloads, deadlocks: all }, null, 2))
    return
  }
  for (const [kind, some] of sortBy(Object.entries(groupBy(all, 'kind')), 0)) {
    const mutants = uniq(some.map((one) => one.mutant))
    console.log(`${some.length} schedules: ${kind}\n  ${told(some)}\n  ${mutants.join(', ')}`)
  }
  const schedules = names.length * workloads * schedulesPerWorkload
  console.log(`${all.length} of ${schedules} schedules end in a deadlock`)
  if (all.length > 0) console.log(told(all))
}

/** What was reported of some deadlocks. */
function told(some: readonly Deadlock[]): string {
  const percent = (is: (one: Deadlock) => boolean) => `${(100 * share(some, is)).toFixed(1)} %`
  return [
    `lockdep in the same schedule ${percent((one) => one.lockdep)}`,
    `in it or an earlier one ${percent((one) => one.lockdep || one.lockdepEarlier)}`,
    `might_sleep ${percent((one) => one.might_sleep)}`,
    `any ${percent((one) => one.lockdep || one.lockdepEarlier || one.might_sleep)}`,
  ].join(', ')
}
