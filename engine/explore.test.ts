import { range } from 'lodash'
import type { Choice } from './choice'
import { enumerate } from './enumerate'
import { explore } from './explore'
import { kernelOf } from './fixtures/toy'
import { reads, recording, releases, writes, type Footprint } from './footprint'
import { random, type Random } from './random'
import { run, spawn } from './run'
import { classOf } from './trace-class'
import { point, until, type Task } from './task'

const kernel = kernelOf()

/** Shared variables, every access of which is a step. */
function memoryOf() {
  const values = new Map<string, number>()
  return {
    *read(name: string): Task<number> {
      yield* point('read', name)
      reads(name)
      return values.get(name) ?? 0
    },
    *write(name: string, value: number): Task<void> {
      yield* point('write', name)
      writes(name)
      values.set(name, value)
    },
    *lock(name: string): Task<void> {
      const free = () => (reads(name), !values.get(name))
      yield* until('lock', name, free)
      writes(name)
      values.set(name, 1)
    },
    unlock(name: string): void {
      releases(name)
      values.set(name, 0)
    },
    /** Waits until a variable is not 0; whether it became so before the timeout. */
    *wait(name: string, mayTimeOut: boolean): Task<boolean> {
      const ready = () => (reads(name), Boolean(values.get(name)))
      return yield* until('wait', name, ready, { mayTimeOut })
    },
  }
}

type Program = (memory: ReturnType<typeof memoryOf>) => readonly (() => Task<unknown>)[]

const execute = (program: Program) => (choice: Choice) =>
  run(kernel, () => program(memoryOf()).forEach((body, i) => spawn(`cpu${i}`, body)), choice)

/** One writes, n read. */
const readers =
  (n: number): Program =>
  (memory) => [
    () => memory.write('x', 1),
    ...range(n).map(
      (i) =>
        function* () {
          yield* memory.read('x')
          yield* memory.read(`own${i}`)
        },
    ),
  ]

/** Each of n tasks makes its cell one more than the one before; one looks for the last cell that is 0. */
const lastZero =
  (n: number): Program =>
  (memory) => [
    function* () {
      let i = n
      while ((yield* memory.read(`cell${i}`)) !== 0) i--
    },
    ...range(1, n + 1).map(
      (i) =>
        function* () {
          const before = yield* memory.read(`cell${i - 1}`)
          yield* memory.write(`cell${i}`, before + 1)
        },
    ),
  ]

describe('textbook programs have as many executions as the literature says they have classes', () => {
  test.each([
    ['readers 2', readers(2), 4],
    ['readers 8', readers(8), 256],
    ['lastzero 5', lastZero(5), 64],
    ['lastzero 10', lastZero(10), 3328],
  ])('%s: %d', (_name, program, classes) => {
    expect(explore(execute(program as Program), 100_000, () => undefined)).toEqual({
      classes,
      executions: classes,
      complete: true,
    })
  })
})

// ---- against all schedules ---------------------------------------------------------------------------

/** A random program: short tasks over two variables, a lock, and a flag that is waited for. */
function randomProgram(seed: number): Program {
  const next = random(seed)
  const tasks = range(2 + next(2)).map(() => range(1 + next(3)).map(() => randomStatement(next)))
  return (memory) =>
    tasks.map(
      (statements) =>
        function* () {
          for (const statement of statements) yield* statement(memory)
        },
    )
}

type Statement = (memory: ReturnType<typeof memoryOf>) => Task<unknown>

function randomStatement(next: Random): Statement {
  const name = ['x', 'y'][next(2)]!
  const statements: Statement[] = [
    (memory) => memory.read(name),
    (memory) => memory.write(name, 1),
    (memory) => memory.wait(name, true),
    (memory) => memory.wait(name, false),
    function* ({ lock, unlock, read }) {
      yield* lock('lock')
      yield* read(name)
      unlock('lock')
    },
    function* ({ lock, unlock, write }) {
      yield* lock('lock')
      yield* write(name, 2)
      unlock('lock')
    },
  ]
  return statements[next(statements.length)]!
}

test('every class that all schedules show is visited, and hardly any twice', () => {
  let classes = 0
  let executions = 0
  for (let seed = 1; seed <= 300; seed++) {
    const program = randomProgram(seed)
    const all = new Set<string>()
    let footprints: Footprint[] = []
    const recorded = (choice: Choice) => {
      footprints = []
      return recording(footprints, () => execute(program)(choice))
    }
    const { complete } = enumerate(recorded, Infinity, 20_000, (execution) => {
      all.add(classOf(execution.steps, footprints))
    })
    if (!complete) continue
    const visited = new Set<string>()
    const explored = explore(execute(program), 20_000, (execution) => {
      const again: Footprint[] = []
      const { choices } = execution
      let at = 0
      recording(again, () => execute(program)({ pick: () => choices[at++] ?? 0 }))
      visited.add(classOf(execution.steps, again))
    })
    expect({ seed, visited: [...visited].sort() }).toEqual({ seed, visited: [...all].sort() })
    classes += visited.size
    executions += explored.executions
  }
  expect(classes).toBeGreaterThan(1_000)
  expect(executions / classes).toBeLessThan(1.1)
})
