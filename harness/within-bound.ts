/** A fixture's workload on the reference, under every schedule within a bound. */
import { enumerate } from '../engine/enumerate'
import type { Event } from '../engine/events'
import { judgeOf, objectingTo } from '../spec/judge'
import { kernelFor } from './campaign'
import { describeEnd } from './ends'
import { reportsOf, workloadOf, type Fixture } from './fixture'
import { contracts } from './registry'
import { runWorkload } from './workload'

const judge = judgeOf(contracts)
const reference = kernelFor(judge, [])

/** More than any fixture has within its bound. */
const schedulesMax = 5_000

/** The contracts that object to a run. */
export function objecting(events: readonly Event[]): string[] {
  return objectingTo(events, contracts, judge).map(({ contract }) => contract.id)
}

export interface WithinBound {
  /** What objected, was reported or did not end. */
  readonly dirty: readonly string[]
  readonly complete: boolean
}

/** Runs all schedules with at most so many preemptions. */
export function withinBound(fixture: Fixture, preemptions: number): WithinBound {
  const dirty: string[] = []
  const { complete } = enumerate(
    (choice) => runWorkload(reference, workloadOf(fixture), choice),
    preemptions,
    schedulesMax,
    ({ events, end }) => {
      dirty.push(...objecting(events), ...reportsOf(events))
      if (end.kind !== 'done') dirty.push(describeEnd(end))
    },
  )
  return { dirty, complete }
}
