import { keepRunning, recorded } from './choice'
import { stickyWalk } from './strategies/sticky'
import { EngineError } from './errors'
import { drop, kernelOf, lockNamed, steps, take, wait, type Lock } from './fixtures/toy'
import { currentThread, run, setUp, spawn, type RunOptions } from './run'
import { define, int, task } from './symbol'
import { point, spinUntil, until, type Task } from './task'

const toy_inner = task('toy_inner', (value: number) => ({ value }), int)
const toy_outer = task('toy_outer', (value: number) => ({ value }), int)
define(toy_inner, function* (value) {
  yield* point('inner')
  if (value < 0) throw new Error('negative')
  return value
})
define(toy_outer, function* (value) {
  return (yield* toy_inner(value)) + 1
})

const kernel = kernelOf(['toy_inner', 'toy_outer'])
type Bodies = Record<string, () => Task<unknown>>

function runTasks(bodies: Bodies, choice = keepRunning, options?: RunOptions) {
  const boot = () => Object.entries(bodies).forEach(([name, body]) => spawn(name, body))
  return run(kernel, boot, choice, options)
}

function* both(first: Lock, second: Lock): Task<void> {
  yield* take(first)
  yield* take(second)
  drop(second)
  drop(first)
}

describe('deadlock', () => {
  const inversion = (choice = keepRunning) => {
    const [a, b] = [lockNamed('a'), lockNamed('b')]
    return runTasks({ x: () => both(a, b), y: () => both(b, a), z: () => both(a, b) }, choice).end
  }

  test('names the cycle with its owners, without those who wait outside it', () => {
    expect(inversion()).toEqual({ kind: 'done' })
    expect(inversion(recorded([0, 1]))).toEqual({
      kind: 'deadlock',
      cycle: [
        { task: 'x', at: 'lock b', waitsFor: ['y'] },
        { task: 'y', at: 'lock a', waitsFor: ['x'] },
      ],
    })
  })

  test('a task can wait for itself', () => {
    const a = lockNamed('a')
    const { end } = runTasks({ x: () => both(a, a) })
    expect(end).toEqual({ kind: 'deadlock', cycle: [{ task: 'x', at: 'lock a', waitsFor: ['x'] }] })
  })

  test('without a cycle every blocked task is named', () => {
    const { end, events } = runTasks({
      x: () => wait('godot', () => false),
      y: () => steps(1),
    })
    expect(end).toEqual({
      kind: 'deadlock',
      cycle: [{ task: 'x', at: 'wait godot', waitsFor: [] }],
    })
    expect(events.at(-1)).toMatchObject({ symbol: 'run_end', kind: 'deadlock', task: -1 })
  })

  test('a daemon may wait for ever', () => {
    const boot = () => {
      spawn('daemon', () => wait('work', () => false), { daemon: true })
      spawn('x', () => steps(1))
    }
    expect(run(kernel, boot, keepRunning).end).toEqual({ kind: 'done' })
  })
})

describe('oops', () => {
  const die = function* (): Task<void> {
    yield* toy_outer(-1)
  }

  test('ends the task only, and leaves its frames open', () => {
    const { end, events } = runTasks({ x: die, y: () => steps(2) })
    const stack = ['toy_outer', 'toy_inner']
    expect(end).toEqual({
      kind: 'oops',
      died: [{ task: 'x', message: 'negative', stack }],
      blocked: [],
    })
    expect(events.map(({ symbol, phase }) => `${symbol} ${phase}`)).toEqual([
      'toy_outer call',
      'toy_inner call',
      'oops call',
      'run_end call',
    ])
    expect(events[2]).toMatchObject({ task: 0, message: 'negative', stack: stack.join(' ') })
  })

  test('says who is stuck behind the dead', () => {
    const a = lockNamed('a')
    const dieLocked = function* (): Task<void> {
      yield* take(a)
      yield* toy_inner(-1)
    }
    const { end } = runTasks({ x: dieLocked, y: () => take(a) })
    expect(end).toMatchObject({
      kind: 'oops',
      blocked: [{ task: 'y', at: 'lock a', waitsFor: ['x'] }],
    })
  })

  test('an exception is not caught across an observed call', () => {
    let caught = false
    const { end } = runTasks({
      *x() {
        try {
          yield* toy_inner(-1)
        } catch {
          caught = true
        }
      },
    })
    expect(end.kind).toBe('oops')
    expect(caught).toBe(false)
  })

  test('a fault of the engine is thrown, not blamed on the task', () => {
    const body = function* (): Task<void> {
      run(kernel, () => undefined, keepRunning)
      yield* steps(1)
    }
    expect(() => runTasks({ x: body })).toThrow(EngineError)
    expect(runTasks({ x: () => steps(1) }).end.kind).toBe('done')
  })

  test('a task that waits on what throws finds out for itself', () => {
    let ready = () => false
    const change = function* (): Task<void> {
      yield* point('free')
      ready = () => {
        throw new Error('freed')
      }
    }
    const { end } = runTasks({ x: () => wait('memory', () => ready()), y: change })
    expect(end.kind).toBe('done')
  })
})

describe('waits', () => {
  const timed = (answers: boolean[], choice = keepRunning) => {
    let ready = false
    const waiter = function* (): Task<void> {
      answers.push(yield* until('wait', 'flag', () => ready, { mayTimeOut: true }))
    }
    const set = function* (): Task<void> {
      yield* point('set')
      ready = true
    }
    return runTasks({ x: waiter, y: set }, choice)
  }

  test('end as hoped, or by their timeout when the schedule says so', () => {
    const answers: boolean[] = []
    expect(timed(answers).choices).toEqual([0])
    const { steps: taken } = timed(answers, recorded([1]))
    expect(answers).toEqual([true, false])
    expect(taken[0]!.option).toBe(1)
  })

  test('time out by themselves when nobody else can go on', () => {
    let answer = true
    const waiter = function* (): Task<void> {
      answer = yield* until('wait', 'nothing', () => false, { mayTimeOut: true })
    }
    expect(runTasks({ x: waiter }).end.kind).toBe('done')
    expect(answer).toBe(false)
  })

  test('are not stepped over before they are ready', () => {
    for (let seed = 0; seed < 50; seed++) {
      const order: string[] = []
      const [a] = [lockNamed('a')]
      const body = (name: string) =>
        function* (): Task<void> {
          yield* take(a)
          order.push(name)
          yield* steps(2)
          order.push(name)
          drop(a)
        }
      const { end } = runTasks({ x: body('x'), y: body('y') }, stickyWalk(seed))
      expect(end.kind).toBe('done')
      expect(['x x y y', 'y y x x']).toContain(order.join(' '))
    }
  })

  function* spin(owners: number[]): Task<void> {
    yield* spinUntil(
      'spin',
      'bit',
      () => false,
      () => owners,
    )
  }

  test('that spin name their owners as well', () => {
    const { end } = runTasks({
      x: () => spin([1]),
      y: () => spin([0]),
    })
    expect(end.kind === 'deadlock' && end.cycle.map(({ waitsFor }) => waitsFor)).toEqual([
      ['y'],
      ['x'],
    ])
  })
})

describe('building the world', () => {
  test('setUp runs from end to end, as task -1', () => {
    const seen: number[] = []
    const build = function* (): Task<void> {
      yield* toy_outer(1)
      seen.push(currentThread()!.id)
    }
    const { events, steps: taken } = run(kernel, () => setUp(build), keepRunning)
    expect(seen).toEqual([-1])
    expect(taken).toEqual([])
    expect(events.map(({ task: by }) => by)).toEqual([-1, -1, -1, -1, -1])
  })

  test('a world that cannot be built is the end of the run', () => {
    const endOf = (body: () => Task<unknown>) => run(kernel, () => setUp(body), keepRunning)
    const waits = endOf(() => wait('x', () => false))
    expect(waits.end).toEqual({
      kind: 'deadlock',
      cycle: [{ task: 'boot', at: 'wait x', waitsFor: [] }],
    })
    const dies = endOf(function* () {
      yield* toy_inner(-1)
    })
    expect(dies.end).toMatchObject({ kind: 'oops', died: [{ task: 'boot', message: 'negative' }] })
    expect(dies.events.at(-1)).toMatchObject({ symbol: 'run_end', kind: 'oops' })
    expect(endOf(() => steps(Infinity)).end.kind).toBe('step bound')
  })

  test('a task can start another, which is numbered behind it', () => {
    const parent = function* (): Task<void> {
      yield* point('fork')
      spawn('child', () => steps(1))
      yield* point('after')
    }
    const { tasks, steps: taken } = runTasks({ x: parent }, recorded([1]))
    expect(tasks).toEqual(['x', 'child'])
    expect(taken.map(({ option }) => option)).toEqual([0, 2, 0])
  })

  test('outside a run there is nobody to spawn for', () => {
    expect(() => spawn('x', () => steps(1))).toThrow(EngineError)
    expect(currentThread()).toBeNull()
  })
})

test('a preemption is a switch away from a task that could have gone on', () => {
  const twoByTwo = (choices: number[]) =>
    runTasks({ x: () => steps(2), y: () => steps(2) }, recorded(choices))
  expect(twoByTwo([]).preemptions).toBe(0)
  expect(twoByTwo([1]).preemptions).toBe(0)
  expect(twoByTwo([0, 1]).preemptions).toBe(1)
  expect(twoByTwo([0, 1, 1]).preemptions).toBe(2)
  expect(twoByTwo([0, 1]).couldKeepRunning).toEqual([false, true, true])
})
