import type { Case } from '../engine/case'
import { alternatives } from './alternatives'
import { shrink } from './counterexample'
import { contractsWithIds, mutant } from './registry'
import { parseToken } from './token'
import { parseWorkload } from './workload'
import { worldText } from './world'

/** Worlds and operations of the alternatives to a workload, as tokens spell them. */
function alternativesTo(world: string, text: string): string[] {
  const workload = parseWorkload(world, text)
  const of: Case = { world: worldText(workload.world), tasks: workload.tasks }
  return [...alternatives(of)].map(({ world, tasks }) => {
    const lists = tasks.map(({ ops }) => ops.map((op) => op.replaceAll(' ', '_')).join('+'))
    return `${world}~${lists.join('/')}`
  })
}

test.each([
  ['another operation, its device open', '1.1.kvm.odp~odp_fault_0/reclaim_0'],
  ['one less, another in the place of one', '1.1.kvm~/oom_reap'],
  ['slow hardware', '1.1.kvm.slow~kvm_fault_0/reclaim_0'],
  ['another device, whose hardware is slow', '1.1.kvm.ats.slow~kvm_fault_0/reclaim_0'],
  ['shared pages of a file', '1.1sf.kvm~kvm_fault_0/reclaim_0'],
  ['one less, a device opened that the world does not have', '1.1.kvm~open_gpu/'],
  ['a device less, another operation', '1.1~munmap_0_1/reclaim_0'],
])('an alternative: %s', (_what, text) => {
  expect(alternativesTo('1.1.kvm', 'kvm_fault_0/reclaim_0')).toContain(text)
})

test('all of them can be run', () => {
  const all = alternativesTo('2.0.gpu', 'device_fault_1/munmap_0_2')
  expect(() =>
    all.forEach((text) => parseWorkload(...(text.split('~') as [string, string]))),
  ).not.toThrow()
  expect(all.length).toBeGreaterThan(1000)
})

test('what fails between two tasks is told of one operation, where another one fails alone', () => {
  // The range is removed while its owner waits: a schedule with a preemption.
  const met = parseToken(
    'hmm1~waits-on-a-removed-range~1.1.gpu~device_fault_0/reclaim_0~0.1,8.1,4.1~bc566c33',
  )
  const { workload, operations, preemptions } = shrink(
    contractsWithIds(['HMM-16'])[0]!,
    { ...met, schedule: 1, says: '' },
    mutant(met.boot).patches,
    met.boot,
    { insight: false },
  )
  expect([operations, preemptions]).toEqual([1, 0])
  // A page that no area has: its range is removed as soon as the fault says so.
  expect(workload.tasks.map(({ ops }) => ops)).toEqual([['device_fault 1']])
})
