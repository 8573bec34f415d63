/** What shrinking in a hurry finds has to fail unhurried as well. */
import { perRun } from '../engine/ids'
import type { Patch } from '../engine/symbol'
import type { Task } from '../engine/task'
import { shrink } from './counterexample'
import { contractsWithIds, mutant } from './registry'
import { parseWorkload } from './workload'

const [contract] = contractsWithIds(['MMN-01'])
const [always] = mutant('munmap-without-a-pass').patches
const calls = perRun(() => ({ count: 0 }))

/** Does it wrong from the second call on. */
const fromTheSecond: Patch = {
  slot: always!.slot,
  *fn(...args: unknown[]): Task<unknown> {
    const isFirst = calls().count++ === 0
    return yield* (isFirst ? always!.slot.own! : always!.fn)(...args) as Task<unknown>
  },
}

const workload = parseWorkload('2.2.gpu', 'munmap_0_1+munmap_1_2')
const failure = { workload, choices: [], schedule: 1, says: '' }

test('what still fails is the counterexample', () => {
  const found = shrink(contract!, failure, [fromTheSecond], 'some', {
    ...{ insight: false, hurried: [fromTheSecond] },
  })
  expect(found.operations).toBe(2)
  expect(found.claimed).toContain('no smaller workload fails')
})

test('what only fails in a hurry is none: the failure is told as it was met', () => {
  const found = shrink(contract!, failure, [fromTheSecond], 'some', {
    ...{ insight: false, hurried: [always!] },
  })
  expect(found.operations).toBe(2)
  expect(found.claimed).toContain('as it was met')
})
