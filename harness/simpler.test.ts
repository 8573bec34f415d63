import type { Case } from '../engine/case'
import { simplerCases } from './simpler'
import { parseWorkload } from './workload'
import { worldText } from './world'

/** A workload as tokens spell it. */
function caseOf(text: string, spelled = '1.1.gpu'): Case {
  const { world, tasks } = parseWorkload(spelled, text)
  return { world: worldText(world), tasks }
}

test('an operation that registers with the address space may be a device opened that the world does not have', () => {
  const simpler = [...simplerCases(caseOf('userptr_0_1/reclaim_0'))].map(({ tasks }) =>
    tasks.map(({ ops }) => ops),
  )
  expect(simpler).toContainEqual([['open kvm'], ['reclaim 0']])
})

test.each([
  ['the first area goes', '1.0+1.1d.gpu', 'cpu_read_1/memunmap', '1.1d.gpu', 'cpu_read 0'],
  ['a page before others goes', '3.3.gpu', 'cpu_read_2/reclaim_0', '2.2.gpu', 'cpu_read 1'],
  ['a page goes, and one behind the area', '3.0.gpu', 'probe_3_4/exit', '2.0.gpu', 'probe 2 3'],
  ['devices in order', '1.0.kvm.gpu', 'cpu_read_0/exit', '1.0.gpu.kvm', 'cpu_read 0'],
  ['slow hardware, on which less may be preempted', '1.0', 'gup_0/exit', '1.0.slow', 'gup 0'],
  ['what one device does otherwise', '1.0', 'hfi1_receive_0_1/exit', '1.0', 'hfi1_send 0 1'],
])('%s', (_what, world, text, simplerWorld, first) => {
  const simpler = [...simplerCases(caseOf(text, world))].map(({ world, tasks }) => [
    world,
    tasks[0]!.ops[0],
  ])
  expect(simpler).toContainEqual([simplerWorld, first])
})
