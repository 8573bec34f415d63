/** PCT and its fair variant keep the invariants that their file states; its guarantee stands apart. */
import { range, times } from 'lodash'
import { lane, orderOf } from '../fixtures/orders'
import { countsOf, picks, switches } from '../fixtures/picks'
import { fits, fitsEvenly } from '../fixtures/statistics'
import { keepRunning } from '../choice'
import { fairPctSchedules, pct, pctSchedules } from './pct'
import type { Strategy } from './strategy'

const runOf = (steps: number) => orderOf([lane('a', steps)], keepRunning).execution

/** A strategy that was told of runs of these lengths. */
function toldOf(make: () => Strategy, lengths: readonly number[]): Strategy {
  const strategy = make()
  for (const length of lengths) strategy.learn!(runOf(length))
  return strategy
}

describe('PCT (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010)', () => {
  test.each([1, 2, 3, 4, 5])('at most %d - 1 switches among tasks that can go on', (depth) => {
    const counts = times(500, (seed) => {
      const choice = pct(seed, { depth, steps: 40, fair: false })
      return switches(picks(choice, 8, 200)).length
    })
    expect(Math.max(...counts)).toBe(depth - 1)
  })

  test('every order of priorities is as likely', () => {
    const orders = times(6_000, (seed) => {
      const { taken } = orderOf(
        [lane('a', 1), lane('b', 1), lane('c', 1)],
        pct(seed, { depth: 1, steps: 3, fair: false }),
      )
      return taken.join(' ')
    })
    const all = ['a1 b1 c1', 'a1 c1 b1', 'b1 a1 c1', 'b1 c1 a1', 'c1 a1 b1', 'c1 b1 a1']
    expect(fitsEvenly(countsOf(orders, all))).toBe(true)
  })

  test('every step is as likely to be the change point, also the first and the last', () => {
    const steps = 20
    const changes = times(8_000, (seed) => {
      const choice = pct(seed, { depth: 2, steps, fair: false })
      return switches(picks(choice, 2, 2 * steps))[0] ?? 'before the first step'
    })
    const all = ['before the first step', ...range(1, steps)]
    expect(fitsEvenly(countsOf(changes, all))).toBe(true)
  })

  test('of two changes either is the lower one', () => {
    const lowest = times(4_000, (seed) => {
      const tasks = picks(pct(seed, { depth: 3, steps: 20, fair: false }), 2, 40)
      const [first, second] = switches(tasks)
      return first !== undefined && second !== undefined
    })
    // A change at the first step shows as no switch: one in ten runs has one.
    const [shown, hidden] = countsOf(lowest, [true, false]) as [number, number]
    expect(fits([shown, hidden], [0.9 / 2, 1 - 0.9 / 2])).toBe(true)
  })

  test('the bound is 2 to 5 in turn', () => {
    const strategy = toldOf(pctSchedules, [40])
    const counts = times(2_000, (run) => switches(picks(strategy.begin(run), 8, 200)).length)
    const most = [0, 1, 2, 3].map((turn) =>
      Math.max(...counts.filter((_, run) => run % 4 === turn)),
    )
    expect(most).toEqual([1, 2, 3, 4])
  })

  test.each([[[40]], [[40, 5, 12]], [[5, 12, 40]]])(
    'after runs of %j steps changes come among 40',
    (lengths) => {
      const strategy = toldOf(pctSchedules, lengths)
      const firsts = times(16_000, (run) => ({
        turn: run % 4,
        change: switches(picks(strategy.begin(run), 2, 100))[0] ?? 0,
      }))
      const changes = firsts.filter(({ turn }) => turn === 0).map(({ change }) => change)
      expect(fitsEvenly(countsOf(changes, range(40)))).toBe(true)
    },
  )
})

describe('fair PCT (Coyote)', () => {
  test('is PCT up to the length of the longest run, and a random walk behind it', () => {
    const strategy = toldOf(fairPctSchedules, [30, 10])
    const runs = times(1_000, (run) => picks(strategy.begin(run), 3, 90))
    runs.forEach((tasks, run) =>
      expect(switches(tasks.slice(0, 30)).length).toBeLessThanOrEqual(1 + (run % 4)),
    )
    const behind = runs.flatMap((tasks) => tasks.slice(30))
    expect(fitsEvenly(countsOf(behind, [0, 1, 2]))).toBe(true)
    const pairs = runs.flatMap((tasks) => range(30, 90).map((i) => 3 * tasks[i - 1]! + tasks[i]!))
    expect(fitsEvenly(countsOf(pairs, range(9)))).toBe(true)
  })

  test('a task that spins does not keep the others from going on for ever', () => {
    const spins = orderOf(
      [range(1_000).map((n) => ({ name: `spin ${n}` })), lane('b', 1)],
      pct(3, { depth: 1, steps: 20, fair: true }),
    )
    expect(spins.taken.indexOf('b1')).toBeLessThan(100)
  })
})
