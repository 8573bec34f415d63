/** Steps that touch nothing in common, what monitors remember included, can be exchanged in a log. */
import { groupBy } from 'lodash'
import type { Event } from '../engine/events'
import { conflict, recording, type Footprint } from '../engine/footprint'
import { optionTask } from '../engine/choice'
import { childSeed } from '../engine/random'
import { posSchedules } from '../engine/strategies/pos'
import { contract, type Contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'
import { sampleWorkloads } from './arbitrary'
import { size } from './fixtures/size'
import { kernelFollowedBy } from './exploration'
import { contracts } from './registry'
import { reference } from './subject'
import { runWorkload } from './workload'

const seed = 5
const workloadsMax = 60
const exchangesMin = size(100, 500)

/** A log with two of its steps, which follow each other, in the other order. */
function exchanged(events: readonly Event[], first: number): Event[] {
  const of = (step: number) => events.filter((event) => event.step === step)
  const before = events.filter(({ step }) => step < first)
  const after = events.filter(({ step }) => step > first + 1)
  const order = [...before, ...of(first + 1), ...of(first), ...after]
  const position = new Map(order.map(({ at }, now) => [at, now]))
  return order.map((event, at) => ({ ...event, at, entry: position.get(event.entry)! }))
}

interface Exchanges {
  made: number
  /** Contracts that judged an exchanged log otherwise. */
  readonly sensitive: Set<string>
}

function exchangeAll(judged: readonly Contract[], workloads: number): Exchanges {
  const judge = judgeOf(judged)
  const kernel = kernelFollowedBy(judge, reference)
  const result: Exchanges = { made: 0, sensitive: new Set() }
  const verdicts = (events: readonly Event[]) =>
    judge
      .judge(events)
      .map(({ objections, witnesses }) =>
        JSON.stringify([objections.map(({ says }) => says), [...witnesses].sort()]),
      )
  sampleWorkloads(seed, workloads).forEach((workload, n) => {
    const footprints: Footprint[] = []
    const choice = posSchedules().begin(childSeed(seed, n))
    const { events, steps } = recording(footprints, () => runWorkload(kernel, workload, choice))
    const told = groupBy(events, ({ step }) => step)
    const before = verdicts(events)
    for (let first = 0; first + 1 < steps.length; first++) {
      const [one, other] = [steps[first]!, steps[first + 1]!]
      if (!told[first] || !told[first + 1] || conflict(footprints[first]!, footprints[first + 1]!))
        continue
      if (optionTask(one.option) === optionTask(other.option)) continue
      result.made++
      verdicts(exchanged(events, first)).forEach((verdict, i) => {
        if (verdict !== before[i]) result.sensitive.add(judged[i]!.id)
      })
    }
  })
  return result
}

test('no contract notices when independent steps of a log are exchanged', () => {
  const { made, sensitive } = exchangeAll(contracts, size(12, workloadsMax))
  expect(made).toBeGreaterThan(exchangesMin)
  expect([...sensitive]).toEqual([])
})

test('a contract that remembers behind its state is found out', () => {
  let last = -1
  const forgetful = contract({
    id: 'HMM-99',
    binds: 'hmm',
    says: 'whose lockings come one after the other',
    cites: [],
    minimum: { exercised: 0, witnesses: 0 },
    on: {
      spin_lock: (_state, { task }, _known, tell) => {
        if (task !== last) tell.exercise(`${last} then ${task}`)
        last = task
      },
    },
  })
  expect(exchangeAll([forgetful], workloadsMax).sensitive).toEqual(new Set(['HMM-99']))
})
