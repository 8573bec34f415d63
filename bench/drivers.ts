/**
 * Each driver by itself: worlds that have it, generated faults, jobs and teardown of it against generated activity of
 * memory management. What any contract objected to, how runs ended that did not end well, and memory that nobody
 * accounts for when they are over.
 *
 *   node bin/bench.js drivers [--schedules N] [--seed N] [--json] [DRIVER...]
 */
import fc from 'fast-check'
import { sampleWorkloads, workloads } from '../harness/arbitrary'
import { driverNames, type DriverName } from '../harness/drivers'
import { topicNames, type TopicName } from '../harness/topics/topics'
import type { Workload } from '../harness/workload'
import { schedulesPerWorkload } from './models/drawn'
import { wrongAmong, wrongText, type Wrong } from './models/wrong'
import { flag, namesOf, numberOption, progress } from './options'

export interface DriverRuns extends Wrong {
  readonly driver: DriverName
  readonly topics: readonly TopicName[]
}

export function drivers(args: readonly string[]): void {
  const schedules = numberOption(args, '--schedules', 10_000)
  const seed = numberOption(args, '--seed', 1)
  const chosen = namesOf(args, driverNames, ['--schedules', '--seed'])
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
  const topics = topicsWith(driver)
  const workloads = workloadsWith(driver, topics, schedules, seed)
  return { driver, topics, ...wrongAmong(workloads, [], { schedules, seed }) }
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

const lineOf = ({ driver, topics, ...runs }: DriverRuns): string =>
  wrongText(`${driver} (${topics.join(', ')})`, runs)
