/** Every contract of an area holds on every schedule of every workload, on the reference. */
import fc from 'fast-check'
import { stickyWalk } from '../engine/strategies/sticky'
import { workloads } from '../harness/arbitrary'
import type { TopicName } from '../harness/topics/topics'
import { kernelFor } from '../harness/campaign'
import { describeEnd } from '../harness/ends'
import { runWorkload } from '../harness/workload'
import type { Contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'

const runsOfEach = 300

/** For all worlds, all operations of up to four tasks in them, and all schedules by their seed. */
export function everyContractHolds(
  contracts: readonly Contract[],
  topic: TopicName = 'kernel',
): void {
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, [])
  fc.assert(
    fc.property(workloads[topic], fc.nat(), (generated, seed) => {
      const execution = runWorkload(kernel, generated, stickyWalk(seed))
      const objections = judge.judge(execution.events).flatMap((finding) => finding.objections)
      if (objections.length > 0)
        throw new Error(objections.map(({ contract, says }) => `${contract}: ${says}`).join('\n'))
      if (execution.end.kind !== 'done') throw new Error(describeEnd(execution.end))
    }),
    { numRuns: runsOfEach, endOnFailure: true },
  )
}
