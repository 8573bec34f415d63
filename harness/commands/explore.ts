/** `explore`: every schedule of one workload, as far as it matters, judged. */
import { UsageError } from '../../engine/errors'
import type { Estimate } from '../../engine/estimate'
import { effortOn, shrink } from '../counterexample'
import {
  estimateWorkload,
  exploreWorkload,
  type Exploration,
  type ExplorationOptions,
} from '../exploration'
import { contractsMatching } from '../registry'
import { endConnections } from '../pipe/connection'
import { reference, subjectOf } from '../subject'
import { parseWorkload } from '../workload'
import { foreignOf, wholeNumber, type SubjectArguments } from './options'

export interface ExploreArguments extends SubjectArguments {
  readonly contracts?: string
  /** Executions at most. */
  readonly cap?: string
  readonly preemptions?: string
  readonly json?: boolean
}

const capDefault = 100_000
const sampleRuns = 200
/** Of a program, each of whose runs may take as long as it does to find out that it hangs. */
const sampleRunsOverAPipe = 5

/** A program is ended when the command is over, however it ends. */
export async function exploreCommand(text: string, args: ExploreArguments): Promise<number> {
  try {
    return explored(text, args)
  } finally {
    await endConnections()
  }
}

function explored(text: string, args: ExploreArguments): number {
  const [world, tasks, ...rest] = text.split('~')
  if (tasks === undefined || rest.length > 0)
    throw new UsageError(
      `"${text}" is no workload; one reads like 1.1.gpu~device_fault_0/reclaim_0, a world and its tasks`,
    )
  const workload = parseWorkload(world!, tasks)
  const subject = subjectOf({ ...foreignOf(args), name: reference.name })
  const contracts = contractsMatching(args.contracts)
  const options: ExplorationOptions = {
    contracts,
    cap: wholeNumber('--cap', args.cap, capDefault),
    ...(args.preemptions !== undefined && { preemptions: preemptionsOf(args.preemptions) }),
  }
  const sample = subject.program ? sampleRunsOverAPipe : sampleRuns
  const size = estimateWorkload(subject, workload, contracts, sample)
  if (!args.json) console.log(sizeOf(size))
  const result = exploreWorkload(subject, workload, options)
  const { tallies, badEnds } = result.campaign
  const counterexamples = tallies.flatMap(({ contract, failure }) =>
    failure
      ? [shrink(contract, failure, subject.patches, subject.name, effortOn(subject, contract.id))]
      : [],
  )
  if (args.json) {
    const { classes, executions, complete } = result
    const report = {
      workload: text,
      implementation: subject.name,
      contracts: contracts.map(({ id }) => id),
      estimate: size,
      ...{ classes, executions, complete, preemptions: options.preemptions },
      failed: counterexamples.map(({ contract, token }) => ({ contract, token })),
      ends: [...badEnds].map(([kind, { count }]) => ({ kind, count })),
    }
    console.log(JSON.stringify(report, null, 2))
  } else {
    for (const counterexample of counterexamples) console.log(`${counterexample.text}\n`)
    for (const [kind, { count, first }] of badEnds)
      console.log(`${count} runs ended in ${kind}: ${first.says}`)
    const objecting = `${counterexamples.length} of which object`
    console.log(
      `${extentOf(result, options)}; ${contracts.length} contract${contracts.length === 1 ? '' : 's'}, ${objecting}`,
    )
  }
  return counterexamples.length > 0 || badEnds.size > 0 ? 1 : 0
}

/** Rough, and said before anything long begins. */
function sizeOf({ schedules, classes, sample }: Estimate): string {
  return `about ${schedules.toPrecision(2)} schedules, at least ${classes} trace classes (from ${sample} runs)`
}

/** What a verdict of this exploration rests on. Only what nothing was left out of is called exhaustive. */
export function extentOf(
  { classes, executions, complete }: Exploration,
  { preemptions }: ExplorationOptions,
): string {
  const runs =
    classes === null ? `${executions} schedules` : `${classes} classes, ${executions} executions`
  if (preemptions !== undefined)
    return `bounded: ${complete ? 'all' : 'the first'} ${runs} with at most ${preemptions} preemption${preemptions === 1 ? '' : 's'}`
  return complete ? `exhaustive: ${runs}` : `bounded: the first ${runs}`
}

function preemptionsOf(text: string): number {
  if (!/^\d$/.test(text))
    throw new UsageError(`--preemptions takes a number from 0 to 9, not "${text}"`)
  return Number(text)
}
