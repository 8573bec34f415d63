/**
 * Each driver by itself: worlds that have it, generated faults, jobs and teardown of it against generated activity of
 * memory management. What any contract objected to, how runs ended that did not end well, and memory that nobody
 * accounts for when they are over.
 *
 *   node bin/bench.js drivers [--schedules N] [--seed N] [--json] [DRIVER...]
 */
import fc from 'fast-check'
import { difference } from 'lodash'
import { UsageError } from '../engine/errors'
import type { Execution } from '../engine/run'
import { unaccounted } from '../harness/accounts'
import { sampleWorkloads, workloads } from '../harness/arbitrary'
import { kernelFor } from '../harness/campaign'
import { driverNames, type DriverName } from '../harness/drivers'
import { badEndsOf } from '../harness/ends'
import { contracts } from '../harness/registry'
import { topicNames, type TopicName } from '../harness/topics/topics'
import { runWorkload, workloadText, type Workload } from '../harness/workload'
import type { LockGraph } from '../reference/kernel/lockdep'
import { judgeOf } from '../spec/judge'
import { drawn, schedulesPerWorkload } from './models/drawn'
import { flag, numberOption, progress } from './options'

const withValue = ['--schedules', '--seed']

export interface DriverRuns {
  readonly driver: DriverName
  readonly topics: readonly TopicName[]
  readonly schedules: number
  /** How many of them had something wrong, and what it was, each once. */
  readonly wrong: number
  readonly says: readonly string[]
}

export function drivers(args: readonly string[]): void {
  const schedules = numberOption(args, '--schedules', 10_000)
  const seed = numberOption(args, '--seed', 1)
  const named = args.filter(
    (arg, i) => !arg.startsWith('-') && !withValue.includes(args[i - 1] ?? ''),
  )
  const [unknown] = difference(named, driverNames)
  if (unknown)
    throw new UsageError(`there is no driver "${unknown}"; there are ${driverNames.join(', ')}`)
  const chosen = driverNames.filter((name) => named.length === 0 || named.includes(name))
  const results = chosen.map((driver) => {
    progress(`${driver} …`)
    return runsOf(driver, schedules, seed)
  })
  console.log(
    flag(args, '--json') ? JSON.stringify(results, null, 2) : results.map(lineOf).join('\n'),
  )
  process.exitCode = results.some(({ wrong }) => wrong > 0) ? 1 : 0
}

/** As many schedules of worlds that have a driver, by turns of all topics in which there are any. */
export function runsOf(driver: DriverName, schedules: number, seed: number): DriverRuns {
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, [])
  const lockGraph: LockGraph = new Map()
  const topics = topicsWith(driver)
  const says = new Set<string>()
  let wrong = 0
  let made = 0
  for (const { workload, choice, learn } of drawn(
    workloadsWith(driver, topics, schedules, seed),
    seed,
  )) {
    if (made === schedules) break
    made++
    const execution = runWorkload(kernel, workload, choice(), { lockGraph })
    learn(execution)
    const found = wrongIn(execution, judge)
    if (found.length > 0) wrong++
    for (const one of found) says.add(`${one}, in ${workloadText(workload)}`)
  }
  return { driver, topics, schedules: made, wrong, says: [...says] }
}

function wrongIn(execution: Execution, judge: ReturnType<typeof judgeOf>): string[] {
  const objections = judge
    .judge(execution.events)
    .flatMap(({ objections }) => objections.map(({ contract, says }) => `${contract}: ${says}`))
  const ends = badEndsOf(execution).map(({ says }) => says)
  const left = execution.end.kind === 'done' ? unaccounted() : []
  return [...objections, ...ends, ...left]
}

const samplesOfATopic = 300

const has =
  (driver: DriverName) =>
  ({ world }: Workload): boolean =>
    world.drivers.includes(driver)

function topicsWith(driver: DriverName): TopicName[] {
  return topicNames.filter((topic) => sampleWorkloads(1, samplesOfATopic, topic).some(has(driver)))
}

function workloadsWith(
  driver: DriverName,
  topics: readonly TopicName[],
  schedules: number,
  seed: number,
): Workload[] {
  const numRuns = Math.ceil(schedules / schedulesPerWorkload / topics.length)
  return topics.flatMap((topic) =>
    fc.sample(workloads[topic].filter(has(driver)), { seed, numRuns }),
  )
}

const shownOfEach = 10

function lineOf({ driver, topics, schedules, wrong, says }: DriverRuns): string {
  const head = `${driver}: ${schedules} schedules (${topics.join(', ')}), something wrong in ${wrong}`
  const more = says.length > shownOfEach ? [`  and ${says.length - shownOfEach} more`] : []
  return [head, ...says.slice(0, shownOfEach).map((one) => `  ${one}`), ...more].join('\n')
}
