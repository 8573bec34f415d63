import { difference } from 'lodash'
import { enumerate } from '../engine/enumerate'
import { judgeOf } from '../spec/judge'
import { kernelFor } from './campaign'
import { describeEnd } from './ends'
import { cycleOf, fixtureNames, readFixture, replayFixture, reportsOf, workloadOf } from './fixture'
import { contracts } from './registry'
import { subjectNamed } from './subject'
import { runWorkload } from './workload'

const judge = judgeOf(contracts)
const reference = kernelFor(judge, [])

/** More than any fixture has within its bound. */
const schedulesMax = 5_000

function objecting(events: Parameters<typeof judge.judge>[0]): string[] {
  const findings = judge.judge(events)
  return contracts.filter((_, i) => findings[i]!.objections.length > 0).map(({ id }) => id)
}

describe.each(fixtureNames())('fixture %s', (name) => {
  const fixture = readFixture(name)

  test('still takes the recorded steps, and is convicted by what it expects and nothing else', () => {
    const execution = replayFixture(kernelFor(judge, subjectNamed(fixture.boot).patches), fixture)
    const found = objecting(execution.events)
    expect(difference(fixture.expect, found)).toEqual([])
    expect(difference(found, fixture.expect, Object.keys(fixture.may))).toEqual([])
    expect(execution.end.kind).toBe(fixture.end)
    expect(cycleOf(execution.end)).toEqual(fixture.cycle ?? [])
    expect(reportsOf(execution.events)).toEqual(fixture.reports ?? [])
  })

  test('on the reference every schedule within the bound is clean', () => {
    const dirty: string[] = []
    const { complete } = enumerate(
      (choice) => runWorkload(reference, workloadOf(fixture), choice),
      fixture.bound,
      schedulesMax,
      (execution) => {
        dirty.push(...objecting(execution.events), ...reportsOf(execution.events))
        if (execution.end.kind !== 'done') dirty.push(describeEnd(execution.end))
      },
    )
    expect(dirty).toEqual([])
    expect(complete).toBe(true)
  })
})
