import { enumerate } from '../engine/enumerate'
import type { Choice } from '../engine/choice'
import { explore } from '../engine/explore'
import { recording, type Footprint } from '../engine/footprint'
import type { Execution } from '../engine/run'
import { classOf } from '../engine/trace-class'
import { contract } from '../spec/contract'
import { judgeOf, type Judge } from '../spec/judge'
import { kernelFollowedBy } from './exploration'
import { contracts } from './registry'
import { reference, type Subject } from './subject'
import { firstTask, parseWorkload, runWorkload } from './workload'

/** More than any of the workloads below has. */
const schedulesMax = 1_000

/** Small enough that all their schedules can be run. */
const smallWorkloads = [
  '1.0.gpu~reclaim_0/reclaim_0',
  '1.0.gpu~reclaim_0/open_gpu',
  '1.0.gpu~open_gpu/open_gpu',
  '1.0.gpu~reclaim_0/stale_range_0_1',
  '1.0.gpu~reclaim_0/open_kvm',
  '1.0.gpu~open_kvm/close_kvm',
  '1.1.gpu~open_gpu/open_gpu',
  '1.1.gpu~cpu_write_0/open_gpu',
  '1.0.kvm~kvm_read_0/kvm_read_0',
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

interface Enumerated {
  /** By trace class, every verdict that its schedules have. */
  readonly verdicts: Map<string, Set<string>>
  readonly complete: boolean
}

function enumerated(subject: Subject, text: string, judge: Judge): Enumerated {
  const verdicts = new Map<string, Set<string>>()
  let footprints: Footprint[] = []
  const execute = executor(subject, text, judge)
  const recorded = (choice: Choice) => recording((footprints = []), () => execute(choice))
  const { complete } = enumerate(recorded, Infinity, schedulesMax, ({ steps, events }) => {
    const name = classOf(steps, footprints)
    if (!verdicts.has(name)) verdicts.set(name, new Set())
    verdicts.get(name)!.add(verdictOf(judge, events))
  })
  return { verdicts, complete }
}

function executor(subject: Subject, text: string, judge: Judge): (choice: Choice) => Execution {
  const [world, tasks] = text.split('~') as [string, string]
  const workload = parseWorkload(world, tasks)
  const kernel = kernelFollowedBy(judge, subject)
  return (choice) => runWorkload(kernel, workload, choice)
}

/** Who objects, and what was exercised how often. */
function verdictOf(judge: Judge, events: Execution['events']): string {
  const findings = judge.judge(events).map(({ objections, witnesses }) => ({
    says: objections.map(({ says }) => says).sort(),
    witnesses: [...witnesses].sort(),
  }))
  return JSON.stringify(findings)
}

function visited(subject: Subject, text: string, judge: Judge): string[] {
  const names: string[] = []
  let footprints: Footprint[] = []
  const execute = executor(subject, text, judge)
  const { complete } = explore(execute, schedulesMax, ({ choices }) => {
    let at = 0
    const again = () => execute({ pick: () => choices[at++] ?? 0 })
    const { steps } = recording((footprints = []), again)
    names.push(classOf(steps, footprints))
  })
  expect(complete).toBe(true)
  return names
}

test.each(smallWorkloads)(
  'all schedules of a trace class have one verdict, and exploring visits each class once: %s',
  (text) => {
    const judge = judgeOf(contracts)
    const { verdicts, complete } = enumerated(reference, text, judge)
    expect(complete).toBe(true)
    for (const found of verdicts.values()) expect(found.size).toBe(1)
    expect(visited(reference, text, judge).sort()).toEqual([...verdicts.keys()].sort())
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
    const found = [...enumerated(reference, text, judge).verdicts.values()]
    expect(found.map((verdicts) => verdicts.size)).toContain(2)
  })

  test('every class has one verdict if it is', () => {
    const found = [...enumerated(reference, text, judgeOf([inOrder])).verdicts.values()]
    expect(found.length).toBeGreaterThan(1)
    for (const verdicts of found) expect(verdicts.size).toBe(1)
  })
})
