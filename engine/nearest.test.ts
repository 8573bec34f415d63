import { range } from 'lodash'
import { recorded, type Choice } from './choice'
import { executeToy, type Toy } from './fixtures/toy'
import type { Case } from './minimise'
import { nearestPassing } from './nearest'
import { point, type Task } from './task'

function named(...ops: readonly (readonly string[])[]): Case {
  return { world: '', tasks: ops.map((list, i) => ({ name: `cpu${i}`, ops: list })) }
}

/** Runs a case so that its tasks take so many steps in turn. */
function failing<S>(toy: Toy<S>, of: Case, turns: readonly (readonly [number, number])[]) {
  const order = turns.flatMap(([task, steps]) => range(steps).map(() => 2 * task))
  let at = 0
  const choice: Choice = {
    always: true,
    pick: (options, count) => options.slice(0, count).indexOf(order[at++]!),
  }
  const trial = executeToy(toy, of, choice)
  expect({ failed: trial.failed, end: trial.execution.end.kind }).toEqual({
    failed: true,
    end: 'done',
  })
  return { case: of, execution: trial.execution }
}

const execute =
  <S>(toy: Toy<S>) =>
  (tried: Case, choice: Choice) =>
    executeToy(toy, tried, choice)

/** What is looked at in one step is relied on two steps later; a door may be closed in between. */
const door: Toy<{ open: boolean; broken: boolean }> = {
  ops: ['enter', 'close', 'look'],
  make: () => ({ open: true, broken: false }),
  *operate(state, op): Task<void> {
    if (op === 'close') state.open = false
    if (op !== 'enter' || !state.open) return
    yield* point('walk')
    yield* point('pass')
    if (!state.open) state.broken = true
  },
  broken: (state) => state.broken,
}

describe('a step that falls between two others', () => {
  const of = named(['look', 'enter'], ['look', 'close', 'look'])
  // The door is closed after it was looked at and before it is passed, wherever the blocks end.
  const [look, passage, closing] = ['begin enter', 'pass', 'begin close']

  test.each([
    [
      'its block is the least',
      [
        [0, 2],
        [1, 2],
        [0, 2],
        [1, 1],
      ],
    ],
    [
      'its block is larger',
      [
        [1, 1],
        [0, 2],
        [1, 2],
        [0, 2],
      ],
    ],
    [
      'it falls later',
      [
        [0, 3],
        [1, 3],
        [0, 1],
      ],
    ],
    [
      'the others do nothing else there',
      [
        [0, 1],
        [1, 1],
        [0, 1],
        [1, 1],
        [0, 2],
        [1, 1],
      ],
    ],
  ] as [string, [number, number][]][])('is found between them: %s', (_what, turns) => {
    const run = failing(door, of, turns)
    const { nearest, complete } = nearestPassing(execute(door), run)
    const label = (index: number | null) => index !== null && run.execution.steps[index]!.label
    expect(complete).toBe(true)
    expect([label(nearest!.after), label(nearest!.step), label(nearest!.before)]).toEqual([
      look,
      closing,
      passage,
    ])
    const again = executeToy(door, of, recorded(nearest!.passing.choices))
    expect({ ...again, steps: again.execution.steps }).toMatchObject({
      failed: false,
      steps: nearest!.passing.steps,
    })
  })

  test('is the same each time, and the steps behind the failure need not be looked at', () => {
    const run = failing(door, of, [
      [0, 2],
      [1, 2],
      [0, 2],
      [1, 1],
    ])
    const once = nearestPassing(execute(door), run)
    expect(nearestPassing(execute(door), run)).toEqual(once)
    expect(nearestPassing(execute(door), run, { steps: 6 }).nearest).toEqual(once.nearest)
  })
})

test('a step that is bound on one side is said to be', () => {
  // A reads first: whatever B does once it has written is too late, and nothing of A comes behind.
  const late: Toy<{ written: boolean; broken: boolean }> = {
    ops: ['write', 'read'],
    make: () => ({ written: false, broken: false }),
    *operate(state, op): Task<void> {
      if (op === 'write') state.written = true
      else if (!state.written) state.broken = true
    },
    broken: ({ broken }) => broken,
  }
  const run = failing(late, named(['read'], ['write']), [
    [0, 1],
    [1, 1],
  ])
  const { nearest } = nearestPassing(execute(late), run)
  expect(nearest).toMatchObject({ step: 1, after: 0, before: null })
})

describe('where nothing is found', () => {
  /** Both orders are wrong. */
  const hopeless: Toy<{ count: number }> = {
    ops: ['add'],
    make: () => ({ count: 0 }),
    *operate(state): Task<void> {
      state.count++
    },
    broken: ({ count }) => count === 2,
  }
  const run = failing(hopeless, named(['add'], ['add']), [
    [0, 1],
    [1, 1],
  ])

  test('every move was tried', () => {
    const found = nearestPassing(execute(hopeless), run)
    expect(found).toEqual({ nearest: null, complete: true, executions: 1 })
  })

  test('or it is said that some were not', () => {
    const found = nearestPassing(execute(hopeless), run, { movesMax: 0 })
    expect(found).toEqual({ nearest: null, complete: false, executions: 0 })
  })

  test('one task has no other order', () => {
    const alone = failing(hopeless, named(['add', 'add']), [[0, 2]])
    const found = nearestPassing(execute(hopeless), alone)
    expect(found).toEqual({ nearest: null, complete: true, executions: 0 })
  })
})
