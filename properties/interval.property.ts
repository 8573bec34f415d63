/**
 * Interval notifiers: readers, insertions and removals against one and several invalidations. Small workloads are
 * exhausted, as far as the order of steps matters; larger ones are drawn.
 */
import { exploreWorkload } from '../harness/exploration'
import type { Campaign } from '../harness/campaign'
import { contracts } from '../harness/registry'
import { reference } from '../harness/subject'
import { parseWorkload } from '../harness/workload'
import { intervalContracts } from '../spec/interval/area'
import { everyContractHolds } from './every-contract'

const executionsMax = 20_000

function objecting({ tallies }: Campaign): string[] {
  return tallies.filter(({ failure }) => failure !== null).map(({ contract }) => contract.id)
}

/** Fewer would mean that the two tasks hardly meet: each has more steps than this that the other conflicts with. */
const classesMin = 10

/** Contracts that are put to the test on the way; `explore 1.1.interval~TASKS --contracts 'INT-*'` tells the numbers. */
test.each([
  ['interval_peek/trial_0_1', ['INT-01', 'INT-02']],
  ['interval_peek/trial_0_1+trial_0_1', ['INT-01', 'INT-09']],
  ['close_interval/trial_0_1', ['INT-04', 'INT-07']],
  ['close_interval/trial_0_1+trial_0_1', ['INT-04', 'INT-07']],
  ['reopen_interval/trial_0_1', ['INT-04', 'INT-07']],
  ['interval_peek/oom_reap', ['INT-05', 'INT-06']],
  ['interval_mirror_0_1/oom_reap', ['INT-03', 'INT-10']],
])('every class of schedules of %s keeps the contracts', (tasks, tested) => {
  const options = { contracts: intervalContracts, cap: executionsMax }
  const { campaign, complete, classes } = exploreWorkload(
    reference,
    parseWorkload('1.1.interval', tasks),
    options,
  )
  expect(objecting(campaign)).toEqual([])
  expect(campaign.badEnds).toEqual(new Map())
  expect(complete).toBe(true)
  expect(classes).toBeGreaterThan(classesMin)
  for (const id of tested) {
    const { exercised } = campaign.tallies.find(({ contract }) => contract.id === id)!
    expect([id, exercised > 0]).toEqual([id, true])
  }
})

/** Too many for all of them: passes of two tasks overlap as soon as one task is interrupted. */
test('two invalidations that overlap, with at most two preemptions', () => {
  const options = { contracts: intervalContracts, cap: executionsMax, preemptions: 2 }
  const workload = parseWorkload('1.1.interval', 'interval_peek/trial_0_1/trial_0_1')
  const explored = exploreWorkload(reference, workload, options)
  expect(objecting(explored.campaign)).toEqual([])
  expect(explored.campaign.badEnds).toEqual(new Map())
  expect(explored.complete).toBe(true)
})

test('every contract holds on every schedule of worlds with interval notifiers', () =>
  everyContractHolds(contracts, 'intervals'))
