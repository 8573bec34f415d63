/** What shrinking in a hurry finds has to fail unhurried as well. */
import { perRun } from '../engine/ids'
import type { Patch } from '../engine/symbol'
import type { Task } from '../engine/task'
import { shrink } from './counterexample'
import { contractsWithIds, mutant } from './registry'
import { retell } from './replay'
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

test('what is wrong before any task begins is drawn, and its token replays', () => {
  const { id, patches } = mutant('hmm-without-mmgrab')
  const [grabbed] = contractsWithIds(['LIF-06'])
  const met = { ...failure, workload: parseWorkload('1.0.gpu', 'munmap_0_1') }
  const { operations, token, text } = shrink(grabbed!, met, patches, id)
  expect(operations).toBe(0)
  expect(text).toMatch(/^boot\n----\nhmm_mirror_register /)
  expect(text).toContain('fewer than two tasks take steps')
  const { lines, failed } = retell(token, {})
  expect(failed).toBe(true)
  expect(lines.join('\n')).toContain('=> LIF-06')
})
