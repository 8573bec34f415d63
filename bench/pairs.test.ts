/** What two tasks can do to each other, on every schedule of one preemption. */
import { mutant } from '../harness/registry'
import { pairsOf } from './pairs'

const within = { preemptions: 1, cap: 2_000 }

test('nothing is wrong of a fault beside any change of its memory', () => {
  const pairs = pairsOf('kvm_fault', within)
  expect(pairs.map(({ complete, says }) => [complete, says])).toEqual(pairs.map(() => [true, []]))
})

test('a driver that does not count what is open is convicted', () => {
  const pairs = pairsOf('kvm_fault', within, mutant('kvm-counts-nothing').patches)
  const reclaimed = pairs.find(({ workload }) => workload.includes('reclaim'))!
  expect(reclaimed.says).toContainEqual(expect.stringMatching(/^DRV-01: /))
})
