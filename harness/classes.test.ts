import { contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'
import { enumerated, visited } from './classes'
import { size } from './fixtures/size'
import { contracts } from './registry'
import { firstTask } from './workload'

/** Small enough that all their schedules can be run. */
const smallWorkloads = [
  '1.0.gpu~reclaim_0/reclaim_0',
  '1.0.kvm~kvm_read_0/kvm_read_0',
  '1.0.gpu~reclaim_0/open_gpu',
  '1.0.gpu~open_gpu/open_gpu',
  '1.0.gpu~reclaim_0/stale_range_0_1',
  '1.0.gpu~reclaim_0/open_kvm',
  '1.0.gpu~open_kvm/close_kvm',
  '1.1.gpu~open_gpu/open_gpu',
  '1.1.gpu~cpu_write_0/open_gpu',
  '1.0.kvm~reclaim_0/kvm_read_0',
  '1.0.kvm~open_kvm/kvm_read_0',
  '1.0.kvm~open_kvm/open_kvm',
  '1.0.kvm~reclaim_0/open_kvm',
  '1.0.kvm~close_kvm/kvm_read_0',
  '1.0.kvm~close_kvm/close_kvm',
  '1.0.kvm~cpu_read_0/kvm_read_0',
  '1.0.kvm~close_kvm/kvm_fault_0',
  '1.1.kvm~kvm_read_0/kvm_read_0',
  '1.1.kvm~close_kvm/kvm_read_0',
  '1.1.kvm~cpu_read_0/kvm_read_0',
  '1.1.kvm~cpu_write_0/kvm_read_0',
  '1.1.kvm~close_kvm/kvm_fault_0',
  '1.1.kvm~kvm_read_0/kvm_fault_0',
  '1.1.odp~odp_read_0/odp_read_0',
  '1.1.odp~open_odp/odp_read_0',
  '1.1.odp~open_odp/open_odp',
  '1.1.odp~close_odp/odp_read_0',
  '1.1.odp~close_odp/close_odp',
  '1.1.odp~cpu_read_0/odp_read_0',
  '1.1.odp~cpu_write_0/odp_read_0',
  '1.1.odp~close_odp/odp_fault_0',
  '1.1.gpu~cpu_read_0/open_gpu',
]

test.each(smallWorkloads.slice(0, size(2, smallWorkloads.length)))(
  'all schedules of a trace class have one verdict, and exploring visits each class once: %s',
  (text) => {
    const judge = judgeOf(contracts)
    const { verdicts, complete } = enumerated(text, judge)
    expect(complete).toBe(true)
    for (const found of verdicts.values()) expect(found.size).toBe(1)
    const { names, complete: exhausted } = visited(text, judge)
    expect(exhausted).toBe(true)
    expect([...names].sort()).toEqual([...verdicts.keys()].sort())
  },
)

describe('what a contract remembers is state', () => {
  /** Its verdict depends on the order of steps that have nothing to do with each other. */
  const inOrder = contract({
    id: 'HMM-99',
    binds: 'hmm',
    says: 'the first task is the first to begin its second operation',
    cites: [],
    minimum: { exercised: 0, witnesses: 0 },
    start: () => ({ begun: 0 }),
    on: {
      operation: (state, { task }, _known, tell) => {
        if (state.begun++ === 2 && task !== firstTask) tell.object('the first task is late')
      },
    },
  })
  const text = '1.1.kvm~close_gpu+close_gpu/close_odp+close_odp'

  test('some class holds both verdicts if it is not', () => {
    const judge = { ...judgeOf([inOrder]), follow: () => () => undefined }
    const found = [...enumerated(text, judge).verdicts.values()]
    expect(found.map((verdicts) => verdicts.size)).toContain(2)
  })

  test('every class has one verdict if it is', () => {
    const found = [...enumerated(text, judgeOf([inOrder])).verdicts.values()]
    expect(found.length).toBeGreaterThan(1)
    for (const verdicts of found) expect(verdicts.size).toBe(1)
  })
})
