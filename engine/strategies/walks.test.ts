/** Walks keep the invariants that their files state. */
import { countBy, minBy, range, times, uniq } from 'lodash'
import { lane, orderOf, type Program } from '../fixtures/orders'
import { countsOf, picks, switches } from '../fixtures/picks'
import { fits, fitsEvenly } from '../fixtures/statistics'
import { isTimeout, stepOf, type Choice, type Option } from '../choice'
import { random } from '../random'
import { run, spawn } from '../run'
import { kernelOf } from '../fixtures/toy'
import { until, type Task } from '../task'
import { randomWalk } from './random-walk'
import { roundRobin } from './round-robin'
import { stickiness, stickyWalk, walk } from './sticky'
import { uniformWalk, uniformWalks } from './uniform'

const nowhere = () => null
const position = { op: 0, point: null, daemon: false }

describe('random walk (Thomson, Donaldson and Betts, TOPC 2016)', () => {
  test.each([2, 3, 5])('each of %d options is as likely, whatever came before', (width) => {
    const walk = randomWalk(width)
    const picked = times(20_000, () => walk.pick(range(width).map(stepOf), width, nowhere))
    expect(fitsEvenly(countsOf(picked, range(width)))).toBe(true)
    const pairs = picked.slice(1).map((pick, i) => width * picked[i]! + pick)
    expect(fitsEvenly(countsOf(pairs, range(width * width)))).toBe(true)
  })
})

describe('sticky walk (Coyote, Shuttle)', () => {
  test.each(stickiness)('keeps with %d thousandths, else takes any', (sticky) => {
    const tasks = picks(walk(random(sticky), sticky), 3, 20_000)
    const kept = tasks.length - 1 - switches(tasks).length
    const keep = sticky + (1000 - sticky) / 3
    expect(fits([kept, tasks.length - 1 - kept], [keep, 1000 - keep])).toBe(true)
  })

  test('draws how sticky it is once a run, each as likely', () => {
    const drawn = times(300, (seed) => {
      const tasks = picks(stickyWalk(seed), 2, 1_000)
      const kept = tasks.length - 1 - switches(tasks).length
      return minBy(stickiness, (sticky) => Math.abs(kept - (sticky + (1000 - sticky) / 2)))!
    })
    expect(fitsEvenly(countsOf(drawn, stickiness))).toBe(true)
  })

  test('where its task cannot go on the others are as likely', () => {
    const walking = walk(random(1), 950)
    const picked = times(9_000, () => {
      walking.took!(stepOf(0), position)
      return walking.pick([1, 2, 3].map(stepOf), 3, nowhere)
    })
    expect(fitsEvenly(countsOf(picked, range(3)))).toBe(true)
  })

  test('a timeout of its own task is no way to keep running', () => {
    const walking = walk(random(1), 950)
    const picked = times(9_000, () => {
      walking.took!(stepOf(0), position)
      return walking.pick([stepOf(0) + 1, stepOf(1) + 1], 2, nowhere)
    })
    expect(fitsEvenly(countsOf(picked, range(2)))).toBe(true)
  })
})

describe('uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025)', () => {
  const program: Program = [lane('a', 1), lane('b', 2), lane('c', 3)]
  const interleavings = 60

  const ordersOf = (choiceOf: (seed: number) => Choice) =>
    countBy(times(12_000, (seed) => orderOf(program, choiceOf(seed)).taken.join(' ')))

  test('every interleaving of tasks of known lengths is as likely', () => {
    const counts = Object.values(ordersOf((seed) => uniformWalk(seed, [1, 2, 3])))
    expect(counts).toHaveLength(interleavings)
    expect(fitsEvenly(counts)).toBe(true)
  })

  test('lengths are the most steps that a task took in an earlier run', () => {
    const strategy = uniformWalks()
    for (const lengths of [
      [1, 1, 1],
      [1, 2, 3],
      [0, 1, 1],
    ])
      strategy.learn!(
        orderOf(
          lengths.map((length) => lane('a', length)),
          randomWalk(1),
        ).execution,
      )
    const counts = Object.values(ordersOf((seed) => strategy.begin(seed)))
    expect(counts).toHaveLength(interleavings)
    expect(fitsEvenly(counts)).toBe(true)
  })

  test('without lengths it is a random walk, and short tasks come first', () => {
    const counts = Object.values(ordersOf((seed) => uniformWalk(seed, [])))
    expect(fitsEvenly(counts)).toBe(false)
  })
})

describe('round robin (Musuvathi and Qadeer, PLDI 2008)', () => {
  test('every task runs for one quantum, drawn once a run, each as likely', () => {
    const quanta = times(1_200, (seed) => {
      const tasks = picks(roundRobin(seed), 3, 60)
      const quantum = tasks.findIndex((task) => task !== tasks[0])
      expect(tasks).toEqual(times(60, (step) => Math.floor(step / quantum) % 3))
      return quantum
    })
    expect(Math.max(...quanta)).toBe(12)
    expect(fitsEvenly(countsOf(quanta, range(1, 13)))).toBe(true)
  })

  test('no task that can go on waits for more than a quantum of every other', () => {
    const most = times(400, (seed) => {
      const quantum = roundRobinQuantum(seed)
      const { waited, tasks } = longestWait(seed)
      expect(waited).toBeLessThanOrEqual(quantum * (tasks - 1))
      return waited / (quantum * (tasks - 1))
    })
    expect(Math.max(...most)).toBe(1)
  })
})

/** How many steps a task takes in a row where all can go on. */
function roundRobinQuantum(seed: number): number {
  const tasks = picks(roundRobin(seed), 2, 20)
  return tasks.findIndex((task) => task !== tasks[0])
}

/** The most steps for which a task that could go on did not, among tasks that wait for each other. */
function longestWait(seed: number): { waited: number; tasks: number } {
  const next = random(seed)
  const tasks = 2 + next(3)
  let turn = 0
  function* body(mayTimeOut: boolean): Task<void> {
    for (let i = 0; i < 30; i++) {
      const parity = next(3)
      if (parity === 0) yield* until('wait', null, () => turn % 2 === 0, { mayTimeOut })
      else yield* until('step', null, () => true)
      turn++
    }
  }
  const waits = new Map<Option, number>()
  let most = 0
  const robin = roundRobin(seed)
  const counted: Choice = {
    always: true,
    pick(options, count, positionOf) {
      const picked = count > 1 ? robin.pick(options, count, positionOf) : 0
      const left = options.slice(0, count).filter((option, i) => i !== picked && !isTimeout(option))
      for (const option of [...waits.keys()]) if (!left.includes(option)) waits.delete(option)
      for (const option of left) waits.set(option, (waits.get(option) ?? 0) + 1)
      most = Math.max(most, ...waits.values())
      return picked
    },
    took: (option, where) => robin.took!(option, where),
  }
  const boot = () => times(tasks, (i) => spawn(`cpu${i}`, () => body(i % 2 === 0)))
  run(kernelOf(), boot, counted)
  return { waited: most, tasks }
}

test('the same seed draws the same schedule', () => {
  for (const choiceOf of [randomWalk, stickyWalk, roundRobin]) {
    expect(picks(choiceOf(7), 3, 50)).toEqual(picks(choiceOf(7), 3, 50))
    expect(uniq(times(20, (seed) => picks(choiceOf(seed), 3, 50).join())).length).toBeGreaterThan(1)
  }
})
