import fc from 'fast-check'
import { keepRunning, recorded, relaxed, type Choice } from './choice'
import { stickyWalk } from './strategies/sticky'
import { drop, kernelOf, lockNamed, steps, take } from './fixtures/toy'
import { id } from './ids'
import { random } from './random'
import { run, spawn, type Execution } from './run'
import { define, int, task } from './symbol'
import { point, until, type Task } from './task'
import { decodeChoices, encodeChoices } from './token'

const toy_replayed = task(
  'toy_replayed',
  (box: object, value: number) => ({ box: id('box', box), value }),
  int,
)
define(toy_replayed, function* (_box, value) {
  yield* point('inside', value)
  return value + 1
})

const kernel = kernelOf(['toy_replayed'])
const actions = ['lock', 'wait', 'call', 'wake', 'bug', 'rest'] as const

/** A small world with everything a schedule can meet: locks, timeouts, deaths, calls, a daemon. */
function runProgram(seed: number, choice: Choice): Execution {
  const next = random(seed)
  const boot = () => {
    const locks = [lockNamed('a'), lockNamed('b')]
    const box = { wakes: 0 }
    const act: Record<(typeof actions)[number], () => Task<void>> = {
      *lock() {
        const order = next(2) === 0 ? locks : [...locks].reverse()
        for (const lock of order) yield* take(lock)
        locks.forEach(drop)
      },
      *wait() {
        const woken = yield* until('wait', 'wakes', () => box.wakes > 0, { mayTimeOut: true })
        if (woken) box.wakes--
      },
      *call() {
        yield* toy_replayed(box, box.wakes)
      },
      *wake() {
        yield* point('wake')
        box.wakes++
      },
      *bug() {
        yield* point('bug')
        if (box.wakes === 2) throw new Error('two wakes at once')
      },
      *rest() {
        yield* steps(2)
      },
    }
    const body = function* (): Task<void> {
      for (let i = 0; i < 4; i++) yield* act[actions[next(actions.length)]!]()
    }
    for (let t = 0; t < 3; t++) spawn(`cpu${t}`, body)
    spawn('daemon', () => forEver(box), { daemon: true })
  }
  return run(kernel, boot, choice, { labels: true })
}

function* forEver(box: { wakes: number }): Task<void> {
  for (;;) {
    yield* until('reap', 'wakes', () => box.wakes > 2)
    box.wakes = 0
  }
}

const seeds = fc.record({ program: fc.nat(), walk: fc.nat() })

describe('replay', () => {
  test('the recorded choices give the identical execution', () => {
    const ends = new Set<string>()
    const schedules = new Set<string>()
    fc.assert(
      fc.property(seeds, ({ program, walk }) => {
        const first = runProgram(program, stickyWalk(walk))
        ends.add(first.end.kind)
        schedules.add(encodeChoices(first.choices))
        expect(runProgram(program, recorded(first.choices))).toEqual(first)
      }),
      { numRuns: 200, seed: 1 },
    )
    expect([...ends].sort()).toEqual(['deadlock', 'done', 'oops'])
    expect(schedules.size).toBeGreaterThan(100)
  })

  test('so do the choices read back from a token, which drops zeros at the end', () => {
    fc.assert(
      fc.property(seeds, ({ program, walk }) => {
        const first = runProgram(program, stickyWalk(walk))
        const read = decodeChoices(encodeChoices(first.choices))
        expect(runProgram(program, recorded(read))).toEqual(first)
      }),
      { numRuns: 50, seed: 2 },
    )
  })

  test('following the steps by what they are gives the identical execution too', () => {
    fc.assert(
      fc.property(seeds, ({ program, walk }) => {
        const first = runProgram(program, stickyWalk(walk))
        expect(runProgram(program, relaxed(first.steps))).toEqual(first)
      }),
      { numRuns: 200, seed: 3 },
    )
  })

  test('nothing survives a run: ids count from one again', () => {
    const first = runProgram(7, stickyWalk(7))
    runProgram(8, stickyWalk(8))
    expect(runProgram(7, recorded(first.choices)).events).toEqual(first.events)
  })
})

describe('choices', () => {
  const twoTasks = (choice: Choice) =>
    run(kernel, () => ['x', 'y'].forEach((name) => spawn(name, () => steps(3))), choice)

  test.each([99, 2, -1, NaN])('%p is out of range of two options, and means 0', (wild) => {
    expect(twoTasks({ pick: () => wild })).toEqual(twoTasks(keepRunning))
  })

  test('1 takes the other task', () => {
    expect(twoTasks(recorded([1])).steps[0]!.option).toBe(2)
    expect(twoTasks(keepRunning).steps[0]!.option).toBe(0)
  })

  test('a forced step consumes no choice', () => {
    const alone = run(kernel, () => spawn('alone', () => steps(5)), stickyWalk(1))
    expect(alone.steps).toHaveLength(5)
    expect(alone.choices).toEqual([])
    // Three choices while both can go on; the other task's three steps are then forced.
    const both = twoTasks(keepRunning)
    expect(both.choices).toEqual([0, 0, 0])
    expect(both.steps.map(({ choice }) => choice)).toEqual([0, 1, 2, -1, -1, -1])
  })

  test('a relaxed replay does not wait for a step of a task that has ended', () => {
    const boot = () => {
      spawn('short', () => steps(1))
      spawn('x', () => steps(2))
      spawn('y', () => steps(2))
    }
    const key = (option: number, label: string) => ({ option, op: -1, label })
    const path = [key(0, 'step 0'), key(0, 'step 1'), key(4, 'step 0')]
    const { steps: taken } = run(kernel, boot, relaxed(path))
    expect(taken.map(({ option }) => option)).toEqual([0, 4, 4, 2, 2])
  })
})
