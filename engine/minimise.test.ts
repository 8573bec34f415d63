import { range, sum, uniqBy } from 'lodash'
import { recorded, type Choice } from './choice'
import { stickyWalk } from './strategies/sticky'
import { enumerate } from './enumerate'
import { EngineError } from './errors'
import { executeToy, type Toy } from './fixtures/toy'
import { minimise, type Case, type Minimal, type Trial } from './minimise'
import { random } from './random'
import { point, type Task } from './task'

/** An increment in two steps: one is lost when another falls between them. */
const lostUpdate: Toy<{ counter: number; increments: number; begun: number }> = {
  ops: ['add', 'look', 'rest'],
  make: () => ({ counter: 0, increments: 0, begun: 0 }),
  *operate(state, op): Task<void> {
    if (op !== 'add') return void (yield* point(op))
    state.begun++
    const read = state.counter
    yield* point('write')
    state.counter = read + 1
    state.increments++
  },
  broken: ({ counter, increments, begun }) => begun === increments && counter < increments,
}

/** A stack whose pop compares heads: it is fooled by a head that went away and came back. */
const aba: Toy<{ stack: string[]; held: string[]; corrupt: boolean }> = {
  ops: ['pop', 'push', 'look'],
  make: () => ({ stack: ['c', 'b', 'a'], held: [], corrupt: false }),
  *operate(state, op): Task<void> {
    if (op === 'look') return void (yield* point('look'))
    if (op === 'push') {
      // The node popped first comes back first.
      const node = state.held.shift()
      if (node !== undefined) state.stack.push(node)
      return
    }
    const [next, head] = [state.stack.at(-2), state.stack.at(-1)]
    yield* point('swap')
    if (head === undefined || state.stack.at(-1) !== head) return
    if (next !== state.stack.at(-2)) state.corrupt = true
    state.stack.pop()
    state.held.push(head)
  },
  broken: ({ corrupt }) => corrupt,
}

const execute =
  <S>(toy: Toy<S>) =>
  (tried: Case, choice: Choice) =>
    executeToy(toy, tried, choice)

function named(ops: readonly (readonly string[])[]): Case {
  return { world: '', tasks: ops.map((list, i) => ({ name: `cpu${i}`, ops: list })) }
}

/** Failing runs of random workloads: up to five tasks of up to five operations. */
function* failures<S>(toy: Toy<S>): Generator<{ start: Case; trial: Trial }> {
  for (let seed = 1; ; seed++) {
    const next = random(seed)
    const ops = range(2 + next(4)).map(() =>
      range(1 + next(5)).map(() => toy.ops[next(toy.ops.length)]!),
    )
    const start = named(ops)
    const trial = executeToy(toy, start, stickyWalk(seed))
    if (trial.failed) yield { start, trial }
  }
}

function minimals<S>(toy: Toy<S>, count: number): { minimal: Minimal; from: number }[] {
  const found: { minimal: Minimal; from: number }[] = []
  for (const { start, trial } of failures(toy)) {
    if (found.length === count) break
    const minimal = minimise(execute(toy), start, trial.execution)
    found.push({ minimal, from: sum(start.tasks.map(({ ops }) => ops.length)) })
  }
  return found
}

/** The fewest operations that fail, then the fewest tasks, then preemptions: by trying everything. */
function smallest<S>(toy: Toy<S>): { operations: number; tasks: number; preemptions: number } {
  for (let operations = 1; ; operations++)
    for (let tasks = 1; tasks <= operations; tasks++) {
      const fewest = Math.min(
        ...casesOf(toy, operations, tasks).map((tried) => fewestPreemptions(toy, tried)),
      )
      if (fewest < Infinity) return { operations, tasks, preemptions: fewest }
    }
}

function casesOf<S>(toy: Toy<S>, operations: number, tasks: number): Case[] {
  if (tasks === 1) return sequences(toy.ops, operations).map((ops) => named([ops]))
  return range(1, operations - tasks + 2).flatMap((first) =>
    sequences(toy.ops, first).flatMap((ops) =>
      casesOf(toy, operations - first, tasks - 1).map(({ tasks: rest }) =>
        named([ops, ...rest.map((task) => task.ops)]),
      ),
    ),
  )
}

function sequences(ops: readonly string[], length: number): string[][] {
  if (length === 0) return [[]]
  return sequences(ops, length - 1).flatMap((rest) => ops.map((op) => [...rest, op]))
}

function fewestPreemptions<S>(toy: Toy<S>, tried: Case): number {
  let fewest = Infinity
  let failed = false
  const attempt = (choice: Choice) => {
    const trial = executeToy(toy, tried, choice)
    failed = trial.failed
    return trial.execution
  }
  enumerate(attempt, Infinity, Infinity, ({ preemptions }) => {
    if (failed) fewest = preemptions
    return failed
  })
  return fewest
}

const shapeOf = ({ case: { tasks }, operations, preemptions }: Minimal) => ({
  operations,
  tasks: tasks.length,
  preemptions,
})

describe.each([
  ['a lost update', lostUpdate as Toy<any>],
  ['a stack with ABA', aba as Toy<any>],
])('%s, from 50 random failures', (_name, toy) => {
  const found = minimals(toy, 50)
  const { minimal: any } = found[0]!

  test('ends at the smallest there is, found by trying everything', () => {
    const expected = smallest(toy)
    for (const { minimal } of found) expect(shapeOf(minimal)).toEqual(expected)
    // The starts were larger, or there would have been nothing to do.
    expect(sum(found.map(({ from }) => from)) / found.length).toBeGreaterThan(
      2 * expected.operations,
    )
  })

  test('ends at one and the same counterexample', () => {
    const texts = found.map(({ minimal }) => JSON.stringify([minimal.case, minimal.choices]))
    expect(uniqBy(texts, (text) => text)).toHaveLength(1)
  })

  test('is certified, with the schedules it took, and fails again when replayed', () => {
    for (const { minimal } of found) {
      expect(minimal.certificate.certified).toBe(true)
      expect(minimal.certificate.schedules).toBe(any.certificate.schedules)
    }
    const again = executeToy(toy, any.case, recorded(any.choices))
    expect(again.failed).toBe(true)
    expect(again.execution.steps).toEqual(any.execution.steps)
    expect(again.execution.preemptions).toBe(any.preemptions)
  })

  test('loses the failure when any operation or the schedule is taken away', () => {
    for (const [t, { ops }] of any.case.tasks.entries())
      for (const gone of ops.keys()) {
        const tasks = any.case.tasks.with(t, {
          ...any.case.tasks[t]!,
          ops: ops.filter((_, at) => at !== gone),
        })
        expect(fewestPreemptions(toy, { world: '', tasks })).toBeGreaterThan(any.preemptions)
      }
    expect(executeToy(toy, any.case, recorded([])).failed).toBe(false)
  })
})

describe('what it owes', () => {
  const [first] = failures(lostUpdate)
  const { start, trial } = first!

  test('the same search from the same failure', () => {
    const once = minimise(execute(lostUpdate), start, trial.execution)
    expect(minimise(execute(lostUpdate), start, trial.execution)).toEqual(once)
  })

  test('a budget is kept, and the result fails all the same', () => {
    const counted = { count: 0 }
    const counting = (tried: Case, choice: Choice) => {
      counted.count++
      return executeToy(lostUpdate, tried, choice)
    }
    const minimal = minimise(counting, start, trial.execution, { budget: 10, certifyBudget: 5 })
    expect(minimal.executions).toBeLessThanOrEqual(12)
    expect(counted.count).toBeLessThanOrEqual(minimal.executions + minimal.certificate.executions)
    expect(minimal.certificate.certified).toBe(false)
    expect(executeToy(lostUpdate, minimal.case, recorded(minimal.choices)).failed).toBe(true)
  })

  test('arguments shrink by the cases it is told are simpler', () => {
    const weighted: Toy<{ sum: number }> = {
      ops: ['9', '5', '3', '0'],
      make: () => ({ sum: 0 }),
      *operate(state, op): Task<void> {
        yield* point('add', op)
        state.sum += Number(op)
      },
      broken: (state) => state.sum >= 7,
    }
    const case9 = named([['9', '0', '9']])
    const failing = executeToy(weighted, case9, recorded([])).execution
    function* lighter({ tasks }: Case): Generator<Case> {
      for (const [t, { ops }] of tasks.entries())
        for (const [o, op] of ops.entries())
          if (op !== '0')
            yield named(
              tasks
                .with(t, { ...tasks[t]!, ops: ops.with(o, String(Number(op) - 1)) })
                .map((task) => task.ops),
            )
    }
    const rank = ({ tasks }: Case) => [sum(tasks.flatMap(({ ops }) => ops.map(Number)))]
    const minimal = minimise(execute(weighted), case9, failing, { simpler: lighter, rank })
    expect(minimal.case).toEqual(named([['7']]))
  })

  test('an alternative that fails with less takes the place of what needs more', () => {
    const spoilt: Toy<{ counter: number; increments: number; begun: number }> = {
      ...lostUpdate,
      *operate(state, op): Task<void> {
        yield* lostUpdate.operate(state, op)
        if (op === 'spoil') state.begun = state.increments = state.counter + 1
      },
    }
    const start = named([['add'], ['add']])
    const failing = executeToy(spoilt, start, recorded([1, 1, 0])).execution
    function* alternatives({ tasks, ...of }: Case): Generator<Case> {
      for (const [t, { ops }] of tasks.entries())
        for (const o of ops.keys())
          yield { ...of, tasks: tasks.with(t, { ...tasks[t]!, ops: ops.with(o, 'spoil') }) }
    }
    const operations = (minimal: Minimal) => minimal.case.tasks.map(({ ops }) => ops)
    const without = minimise(execute(spoilt), start, failing)
    expect(operations(without)).toEqual([['add'], ['add']])
    expect(without.certificate.certified).toBe(true)
    expect(operations(minimise(execute(spoilt), start, failing, { alternatives }))).toEqual([
      ['spoil'],
    ])
  })

  test('a run that does not fail is refused', () => {
    const quiet = named([['add'], ['look']])
    const { execution } = executeToy(lostUpdate, quiet, recorded([]))
    expect(() => minimise(execute(lostUpdate), quiet, execution)).toThrow(EngineError)
  })
})
