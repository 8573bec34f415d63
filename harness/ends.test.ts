/** Runs of the reference with one function replaced, that end badly or hardly: what is said, and what is not. */
import { keepRunning, type Choice } from '../engine/choice'
import type { RunOptions } from '../engine/run'
import { replace, type Patch } from '../engine/symbol'
import { point, until, type Task } from '../engine/task'
import { contract } from '../spec/contract'
import { operation } from '../spec/headers/device'
import { hmm_range_fault } from '../spec/headers/hmm'
import { EBUSY } from '../spec/headers/types'
import { judgeOf } from '../spec/judge'
import { kernelFor } from './campaign'
import { badEndsOf } from './ends'
import { runWorkload } from './workload'
import { parseWorld } from './world'

/** At the end of a run every operation that was begun is owed. */
const everyOperationReturns = contract({
  id: 'ZZZ-01',
  binds: 'mm',
  says: 'every operation returns',
  cites: [],
  minimum: { exercised: 0, witnesses: 0 },
  start: () => ({ open: new Set<number>() }),
  on: {
    operation: ({ open }, { at }) => void open.add(at),
    'operation.return': ({ open }, { entry }) => void open.delete(entry),
    run_end: ({ open }, { kind }, _known, tell) => {
      if (open.size > 0) tell.object(`${open.size} open at ${kind}`)
    },
  },
})
const judge = judgeOf([everyOperationReturns])

function runOps(
  ops: readonly (readonly string[])[],
  patches: readonly Patch[],
  choice: Choice = keepRunning,
  options?: RunOptions,
) {
  const tasks = ops.map((list, i) => ({ name: `cpu${i}`, ops: list }))
  const workload = { world: parseWorld('2.2.gpu'), tasks }
  const execution = runWorkload(kernelFor(judge, patches), workload, choice, options)
  const [owed] = judge.judge(execution.events)
  return {
    ends: badEndsOf(execution),
    owed: owed!.objections.map(({ says }) => says),
  }
}

/** A fault that refuses so often before it does what it should. */
function refusing(times: number): Patch {
  let left = times
  return replace(hmm_range_fault, function* (range, block) {
    yield* point('refuse')
    if (left-- > 0) return -EBUSY
    return yield* hmm_range_fault.original(range, block)
  })
}

const oneFault = [['device_fault 0']]

describe('a fault that refuses', () => {
  test('for ever is a livelock', () => {
    expect(runOps(oneFault, [refusing(Infinity)]).ends).toEqual([
      {
        kind: 'livelock',
        says:
          'livelock: cpu0 repeats the same steps under a fair schedule ' +
          '(cpu0: down_read mmap_sem; cpu0: refuse; cpu0: wait_event_timeout hmm.wq)',
      },
    ])
  })

  test('too often is a retry storm', () => {
    expect(runOps(oneFault, [refusing(1_000)]).ends).toEqual([
      {
        kind: 'retry storm',
        says: 'retry storm: cpu0 came 200 times by "wait_event_timeout hmm.wq" in its operation 1 and did not get on, nor did anybody else',
      },
    ])
  })

  test('a few times is neither', () => {
    expect(runOps(oneFault, [refusing(100)]).ends).toEqual([])
  })
})

describe('a fault that gives way to whoever else is in an operation', () => {
  const takeTurns: Choice = { pick: () => 1 }
  const busy = Array.from({ length: 100 }, () => ['cpu_write 1', 'reclaim 1']).flat()
  const workload = [['device_fault 0'], busy]

  /** Patches under which a fault refuses as long as there are others, but not more than so often. */
  function yielding(times: number): Patch[] {
    let open = 0
    let left = times
    return [
      replace(operation, function* (text) {
        open++
        yield* operation.original(text)
        open--
      }),
      replace(hmm_range_fault, function* (range, block) {
        yield* point('give way')
        if (open > 1 && left-- > 0) return -EBUSY
        return yield* hmm_range_fault.original(range, block)
      }),
    ]
  }

  test('is starved while there are others', () => {
    expect(runOps(workload, yielding(Infinity), takeTurns).ends).toEqual([
      {
        kind: 'starvation',
        says: 'starvation: cpu0 came 200 times by "down_read mmap_sem" in its operation 1 and did not get on, while cpu1 completed operations',
      },
    ])
  })

  test('is not if it does so now and then', () => {
    expect(runOps(workload, yielding(300), takeTurns).ends).toEqual([])
    expect(runOps(workload, [], takeTurns).ends).toEqual([])
  })
})

describe('what is owed is judged at the end of every run', () => {
  const instead = (body: () => Task<number>) => [replace(hmm_range_fault, body)]
  const cases: Record<string, readonly Patch[]> = {
    deadlock: instead(function* () {
      yield* until('wait', 'for nobody', () => false)
      return 0
    }),
    livelock: instead(function* () {
      for (;;) yield* point('again')
    }),
    'step bound': instead(function* () {
      for (let i = 0; ; i++) yield* point('step', i)
    }),
    oops: instead(function* () {
      yield* point('die')
      throw new Error('no')
    }),
  }

  test.each(Object.entries(cases))('%s', (kind, patches) => {
    const { ends, owed } = runOps(oneFault, patches)
    expect(ends.map((end) => end.kind)).toEqual([kind])
    expect(owed).toEqual([`1 open at ${kind}`])
  })

  test('crash', () => {
    const exhausted = () => 'enough'
    const { ends, owed } = runOps(oneFault, cases.livelock!, keepRunning, { exhausted })
    expect(ends).toEqual([{ kind: 'crash', says: 'crash: enough' }])
    expect(owed).toEqual(['1 open at crash'])
  })

  test('done', () => {
    expect(runOps(oneFault, [])).toEqual({ ends: [], owed: [] })
  })
})
