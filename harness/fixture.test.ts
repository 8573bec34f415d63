import { difference } from 'lodash'
import { judgeOf } from '../spec/judge'
import { kernelFor } from './campaign'
import { cycleOf, fixtureNames, readFixture, replayFixture, reportsOf } from './fixture'
import { size } from './fixtures/size'
import { contracts } from './registry'
import { subjectNamed } from './subject'
import { objecting, withinBound } from './within-bound'

const judge = judgeOf(contracts)

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

  test('on the reference every schedule within so many preemptions is clean', () => {
    const preemptions = size(0, fixture.bound)
    expect(withinBound(fixture, preemptions)).toEqual({ dirty: [], complete: true })
  })
})
