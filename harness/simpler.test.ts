import type { Case } from '../engine/case'
import { simplerCases } from './simpler'
import { parseWorkload } from './workload'
import { worldText } from './world'

/** A workload as tokens spell it. */
function caseOf(text: string): Case {
  const { world, tasks } = parseWorkload('1.1.gpu', text)
  return { world: worldText(world), tasks }
}

test.each([
  ['a device that is closed and opened again', 'close_gpu+open_gpu/reclaim_0'],
  ['an operation that registers with the address space', 'userptr_0_1/reclaim_0'],
])('%s may be a device opened that the world does not have', (_what, text) => {
  const simpler = [...simplerCases(caseOf(text))].map(({ tasks }) => tasks.map(({ ops }) => ops))
  expect(simpler).toContainEqual([['open kvm'], ['reclaim 0']])
})
