import { range } from 'lodash'
import { type Choice } from './choice'
import { enumerate } from './enumerate'
import { drop, kernelOf, lockNamed, steps, take, wait } from './fixtures/toy'
import { run, spawn, type Execution } from './run'
import { type Task } from './task'

const kernel = kernelOf()

function stepsEach(counts: readonly number[]) {
  const boot = () => counts.forEach((count, i) => spawn(`cpu${i}`, () => steps(count)))
  return (choice: Choice) => run(kernel, boot, choice)
}

const orderOf = ({ steps: taken }: Execution) => taken.map(({ option }) => option).join(' ')

/** All interleavings of tasks of so many steps, by number of preemptions, told apart by hand. */
function interleavings(counts: readonly number[]): number[] {
  const byPreemptions: number[] = []
  const walk = (left: readonly number[], current: number, preemptions: number): void => {
    if (left.every((count) => count === 0))
      byPreemptions[preemptions] = (byPreemptions[preemptions] ?? 0) + 1
    for (const [task, count] of left.entries()) {
      if (count === 0) continue
      const preempts = current >= 0 && current !== task && left[current]! > 0
      walk(left.with(task, count - 1), task, preemptions + (preempts ? 1 : 0))
    }
  }
  walk(counts, -1, 0)
  return byPreemptions
}

describe('without a bound', () => {
  test.each([
    [[1, 1], 2],
    [[2, 2], 6],
    [[3, 3], 20],
    [[5, 5], 252],
    [[2, 2, 2], 90],
    [[1, 2, 3], 60],
  ])('tasks of %j steps have %d interleavings, each visited once', (counts, expected) => {
    const seen = new Set<string>()
    const { executions, complete } = enumerate(stepsEach(counts), Infinity, 10_000, (execution) => {
      seen.add(orderOf(execution))
    })
    expect({ executions, complete, distinct: seen.size }).toEqual({
      executions: expected,
      complete: true,
      distinct: expected,
    })
  })
})

describe('within a bound', () => {
  test.each([[[4, 4]], [[3, 2, 2]]])(
    'tasks of %j steps: as many with each number of preemptions as counted by hand',
    (counts) => {
      const expected = interleavings(counts)
      for (const bound of range(expected.length)) {
        const { byPreemptions, complete } = enumerate(
          stepsEach(counts),
          bound,
          10_000,
          () => undefined,
        )
        expect(complete).toBe(true)
        expect(byPreemptions).toEqual(expected.slice(0, bound + 1))
      }
    },
  )

  test('two tasks of thirty steps: 60 and 1742 schedules', () => {
    const count = (bound: number) =>
      enumerate(stepsEach([30, 30]), bound, 10_000, () => undefined).executions
    expect([count(0), count(1), count(2)]).toEqual([2, 60, 1742])
  })

  test('visits by ascending number of preemptions, and tells the truth about it', () => {
    const visited: number[] = []
    enumerate(stepsEach([3, 3, 2]), 3, 10_000, ({ preemptions }) => void visited.push(preemptions))
    expect(visited).toEqual([...visited].sort((a, b) => a - b))
    expect(new Set(visited)).toEqual(new Set([0, 1, 2, 3]))
  })
})

describe('stopping early', () => {
  test('is said: the cap, and the visitor', () => {
    const six = stepsEach([2, 2])
    expect(enumerate(six, Infinity, 5, () => undefined)).toMatchObject({
      executions: 5,
      complete: false,
    })
    expect(enumerate(six, Infinity, 6, () => undefined)).toMatchObject({
      executions: 6,
      complete: true,
    })
    expect(enumerate(six, Infinity, 0, () => undefined)).toMatchObject({
      executions: 0,
      complete: false,
    })
    expect(enumerate(six, Infinity, 9, () => true)).toMatchObject({
      executions: 1,
      complete: false,
    })
  })
})

test('waits restrict the interleavings, timeouts add some', () => {
  const locked = (choice: Choice) => {
    const lock = lockNamed('lock')
    const body = function* (): Task<void> {
      yield* take(lock)
      yield* steps(3)
      drop(lock)
    }
    return run(kernel, () => ['x', 'y'].forEach((name) => spawn(name, body)), choice)
  }
  expect(enumerate(locked, Infinity, 100, () => undefined).executions).toBe(2)

  const timed = (choice: Choice) => {
    const boot = () => {
      spawn('x', () => wait('nothing', () => false, { mayTimeOut: true }))
      spawn('y', () => steps(2))
    }
    return run(kernel, boot, choice)
  }
  expect(enumerate(timed, Infinity, 100, () => undefined).executions).toBe(3)
})
