import { type Choice } from './choice'
import { enumerate } from './enumerate'
import { executeToy, type Toy } from './fixtures/toy'
import { inevitability } from './inevitability'
import type { Case } from './minimise'
import type { Execution } from './run'
import { point, type Task } from './task'

/** What is looked at in one step is relied on two steps later; a door may be closed in between. */
const door: Toy<{ open: boolean; broken: boolean }> = {
  ops: ['enter', 'close', 'open'],
  make: () => ({ open: true, broken: false }),
  *operate(state, op): Task<void> {
    if (op !== 'enter') state.open = op === 'open'
    if (op !== 'enter' || !state.open) return
    yield* point('walk')
    yield* point('pass')
    if (!state.open) state.broken = true
  },
  broken: (state) => state.broken,
}

const of: Case = {
  world: '',
  tasks: [
    { name: 'cpu0', ops: ['enter'] },
    { name: 'cpu1', ops: ['open', 'close', 'open'] },
  ],
}
const execute = (tried: Case, choice: Choice) => executeToy(door, tried, choice)

/** Every schedule of the case, and whether it fails. */
function everySchedule(): { execution: Execution; failed: boolean }[] {
  const all: { execution: Execution; failed: boolean }[] = []
  let failed = false
  const attempt = (choice: Choice) => {
    const trial = execute(of, choice)
    failed = trial.failed
    return trial.execution
  }
  enumerate(attempt, Infinity, Infinity, (execution) => void all.push({ execution, failed }))
  return all
}

const all = everySchedule()
const failures = all.filter(({ failed }) => failed)
const keysOf = ({ steps }: Execution, count: number) =>
  JSON.stringify(steps.slice(0, count).map(({ option, label }) => [option, label]))

/** The share of all schedules that begin as this one does and fail. */
function exactly(run: Execution, count: number): number {
  const alike = all.filter(({ execution }) => keysOf(execution, count) === keysOf(run, count))
  return alike.filter(({ failed }) => failed).length / alike.length
}

test('there are failures of several kinds to look at', () => {
  expect(failures.length).toBeGreaterThan(2)
  expect(failures.length).toBeLessThan(all.length)
})

test.each(failures.map(({ execution }) => [keysOf(execution, 9), execution] as const))(
  'it is certain from the step on from which every schedule fails: %s',
  (_name, execution) => {
    const { shares, certain, executions } = inevitability(execute, { case: of, execution })
    expect(shares).toHaveLength(execution.steps.length + 1)
    shares.forEach((share, count) => {
      expect(share === 1).toBe(exactly(execution, count) === 1)
      expect(share).toBeGreaterThan(0)
    })
    expect(shares.slice(certain).every((share) => share === 1)).toBe(true)
    expect(shares[certain - 1]).toBeLessThan(1)
    expect(executions).toBeLessThanOrEqual(100 * shares.length)
  },
)

test('the same case has the same curve, another one its own', () => {
  const [first, second] = failures.map(({ execution }) => ({ case: of, execution }))
  const once = inevitability(execute, first!)
  expect(inevitability(execute, first!)).toEqual(once)
  expect(inevitability(execute, second!).shares[0]).not.toBe(once.shares[0])
})

test('a budget makes for fewer continuations, and a step that nobody chose for none', () => {
  const { execution } = failures[0]!
  const chosen = execution.steps.filter(({ choice }) => choice >= 0).length
  expect(chosen).toBeLessThan(execution.steps.length)
  const cheap = inevitability(execute, { case: of, execution }, { budget: 10 * (chosen + 1) })
  expect(cheap).toMatchObject({ continuations: 10, executions: 10 * (chosen + 1) })
  const short = inevitability(execute, { case: of, execution }, { steps: 2, continuations: 7 })
  expect(short.shares).toHaveLength(3)
  expect(short.executions).toBe(7 * 3)
})
