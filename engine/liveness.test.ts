import { keepRunning, optionTask, type Choice } from './choice'
import { kernelOf, steps, wait } from './fixtures/toy'
import { retriesMax, watchedFrom } from './liveness'
import { beginOp, run, spawn, type RunOptions } from './run'
import { point, until, type Task } from './task'

const kernel = kernelOf()
type Bodies = Record<string, () => Task<unknown>>

function runTasks(bodies: Bodies, choice: Choice = keepRunning, options?: RunOptions) {
  const boot = () => Object.entries(bodies).forEach(([name, body]) => spawn(name, body))
  return run(kernel, boot, choice, options)
}

function* spin(verb: string, count = Infinity): Task<void> {
  for (let i = 0; i < count; i++) yield* point(verb)
}

/** A task of so many operations. */
function* operations(count: number, operate: () => Task<void>): Task<void> {
  for (let op = 0; op < count; op++) {
    beginOp(op)
    yield* operate()
  }
}

/** Never keeps running where there is a choice: with two tasks, they take turns. */
const alternate: Choice = { pick: () => 1 }
/** Runs anybody but one task. */
const without = (task: number): Choice => ({
  pick: (options) => (optionTask(options[0]!) === task ? 1 : 0),
})

describe('livelock', () => {
  test('is of those who repeat their steps under the fair scheduler to the step bound', () => {
    const bodies = { x: () => spin('retry'), y: () => spin('retry'), z: () => steps(3) }
    const { end, unfairBound, stalls, events } = runTasks(bodies)
    expect(unfairBound).toBe(true)
    expect(end).toEqual({
      kind: 'livelock',
      tasks: ['x', 'y'],
      round: ['x: retry', 'y: retry'],
    })
    expect(stalls).toEqual([])
    expect(events.at(-1)).toMatchObject({ symbol: 'run_end', kind: 'livelock' })
  })

  test('is no longer suspected of a run that leaves the cycle, however long it was in it', () => {
    const [unfair, pumped] = [1_000, 900]
    const bodies = { x: () => spin('look', unfair + pumped) }
    const { end, steps: taken } = runTasks(bodies, keepRunning, { maxSteps: unfair })
    expect(taken).toHaveLength(unfair + pumped)
    expect(end).toEqual({ kind: 'done' })
  })

  test('is not claimed where the bound comes too soon after another cycle', () => {
    const twice = function* (): Task<void> {
      yield* spin('look', 1_750)
      yield* spin('look elsewhere')
    }
    const { end, events } = runTasks({ x: twice }, keepRunning, { maxSteps: 1_000 })
    expect(end).toEqual({ kind: 'step bound', steps: 2_000 })
    expect(events.at(-1)).toMatchObject({ symbol: 'run_end', kind: 'step bound' })
  })

  test('is found in a cycle that comes by one state more than once', () => {
    const twiceEach = function* (): Task<void> {
      for (;;) for (const verb of ['get', 'get', 'put', 'put']) yield* point(verb)
    }
    const { end } = runTasks({ x: twiceEach }, keepRunning, { maxSteps: 100 })
    expect(end).toEqual({ kind: 'livelock', tasks: ['x'], round: ['x: get', 'x: put'] })
  })

  test('is not what never repeats', () => {
    const { end } = runTasks({ x: () => steps(Infinity) }, keepRunning, { maxSteps: 100 })
    expect(end).toEqual({ kind: 'step bound', steps: 200 })
  })

  test('is not a spin that a fair schedule ends', () => {
    let done = false
    const waiter = function* (): Task<void> {
      while (!done) yield* point('look')
    }
    const set = function* (): Task<void> {
      yield* point('set')
      done = true
    }
    const { end, unfairBound } = runTasks({ x: waiter, y: set }, keepRunning, { maxSteps: 50 })
    expect(end).toEqual({ kind: 'done' })
    expect(unfairBound).toBe(true)
  })

  /** Sleeps, with a timeout, for what never comes; so often. */
  function* sleep(times: number, then: () => void): Task<void> {
    for (let i = 0; i < times; i++) yield* until('sleep', 'x', () => false, { mayTimeOut: true })
    then()
  }

  test('is not a spin that the timeout of another task ends', () => {
    let done = false
    const waiter = function* (): Task<void> {
      while (!done) yield* point('look')
    }
    const sleeper = () => sleep(2, () => (done = true))
    expect(runTasks({ x: waiter, y: sleeper }).end).toEqual({ kind: 'done' })
  })

  test('is a spin that timeouts do not end either', () => {
    const bodies = { x: () => spin('look'), y: () => sleep(Infinity, () => undefined) }
    expect(runTasks(bodies).end).toMatchObject({
      kind: 'livelock',
      tasks: ['x', 'y'],
      round: expect.arrayContaining(['x: look', 'y: sleep x']) as unknown,
    })
  })
})

describe('retry storm', () => {
  const long = watchedFrom + 2 * retriesMax

  test('is a task that comes by a point too often, although it gets on in the end', () => {
    const { end, stalls } = runTasks({ x: () => operations(1, () => spin('try', long)) })
    expect(end).toEqual({ kind: 'done' })
    expect(stalls).toEqual([
      { kind: 'retry storm', task: 'x', op: 0, at: 'try', times: retriesMax },
    ])
  })

  test('is not what others are kept from ending by an unfair schedule', () => {
    const bodies = { x: () => operations(1, () => spin('try', long)), y: () => steps(1) }
    expect(runTasks(bodies).stalls).toEqual([])
    expect(runTasks(bodies, alternate).stalls).toMatchObject([{ kind: 'retry storm', task: 'x' }])
  })

  test('is not many operations of a few retries each', () => {
    const { stalls } = runTasks({ x: () => operations(long / 4, () => spin('try', 4)) })
    expect(stalls).toEqual([])
  })

  test('is not many different steps', () => {
    expect(runTasks({ x: () => operations(1, () => steps(long)) }).stalls).toEqual([])
  })

  test('is not what a daemon does for others', () => {
    const boot = () => {
      spawn('daemon', () => spin('serve', long), { daemon: true })
    }
    expect(run(kernel, boot, keepRunning)).toMatchObject({ end: { kind: 'done' }, stalls: [] })
  })
})

describe('starvation', () => {
  /** Writers that change what a reader has looked at before it can publish it. */
  function race(writes: number, isLooking: (version: number, seen: number) => boolean) {
    let version = 0
    const reader = function* (): Task<void> {
      for (;;) {
        yield* point('look')
        const seen = version
        yield* point('publish')
        if (!isLooking(version, seen)) return
      }
    }
    const writer = function* (): Task<void> {
      yield* point('write')
      version++
    }
    const bodies = { x: () => operations(1, reader), y: () => operations(writes, writer) }
    return runTasks(bodies, alternate)
  }

  test('is a task that retries because of what others get done', () => {
    const { end, stalls } = race(2_000, (version, seen) => version !== seen)
    expect(end).toEqual({ kind: 'done' })
    expect(stalls).toEqual([
      {
        ...{ kind: 'starvation', task: 'x', op: 0, at: 'look', times: retriesMax },
        others: ['y'],
      },
    ])
  })

  test('is not a task that gets on just in time', () => {
    const retries = (count: number) =>
      race(2_000, (version) => version < watchedFrom / 2 + 2 * count).stalls
    expect(retries(retriesMax + 10)).toMatchObject([{ kind: 'starvation', task: 'x' }])
    expect(retries(retriesMax - 10)).toEqual([])
  })

  /** Two tasks that set and clear a flag in turn, and one that waits for it. */
  function flagged(order: readonly string[], options: RunOptions = { maxSteps: 1_000 }) {
    let flag = false
    const change = (verb: string, to: boolean) =>
      function* (): Task<void> {
        yield* until(verb, 'flag', () => flag !== to)
        flag = to
      }
    const bodies: Bodies = {
      setter: () => operations(1_000, change('set', true)),
      clearer: () => operations(999, change('clear', false)),
      waiter: () => operations(1, () => wait('flag', () => flag)),
    }
    const ordered = Object.fromEntries(order.map((name) => [name, bodies[name]!]))
    return runTasks(ordered, without(order.indexOf('waiter')), options)
  }

  test('is a task whose wait is satisfied again and again, and never in its turn', () => {
    const { end, stalls } = flagged(['setter', 'clearer', 'waiter'])
    expect(end).toEqual({ kind: 'done' })
    expect(stalls).toEqual([
      {
        ...{ kind: 'starvation', task: 'waiter', op: 0, at: 'wait flag', times: retriesMax },
        others: ['setter', 'clearer'],
      },
    ])
  })

  test('is not a wait that only an unfair schedule passes over', () => {
    expect(flagged(['setter', 'waiter', 'clearer']).stalls).toEqual([])
    expect(flagged(['setter', 'clearer', 'waiter'], { maxSteps: 4_000 }).stalls).toEqual([])
  })
})

describe('a run that uses up what it may', () => {
  test('is ended, wherever its tasks are', () => {
    let asked = 0
    const exhausted = () => (++asked === 3 ? 'too much' : null)
    const {
      end,
      events,
      steps: taken,
    } = runTasks({ x: () => spin('x') }, keepRunning, { exhausted })
    expect(end).toEqual({ kind: 'crash', reason: 'too much' })
    expect(taken.length).toBeLessThan(watchedFrom)
    expect(events.at(-1)).toMatchObject({ symbol: 'run_end', kind: 'crash' })
  })
})
