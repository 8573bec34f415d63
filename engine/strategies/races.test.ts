/** The strategies that know what steps touch keep the invariants that their files state. */
import { times, uniq } from 'lodash'
import { lane, orderOf, touch, type Program } from '../fixtures/orders'
import { countsOf } from '../fixtures/picks'
import { fits, fitsEvenly } from '../fixtures/statistics'
import { keepRunning, optionTask, type Choice, type Option } from '../choice'
import { pos } from './pos'
import { raceDirectedRuns } from './race-directed'
import { watched, type Strategy } from './strategy'

describe('POS (Yuan, Yang and Gu, CAV 2018)', () => {
  const ordersOf = (program: Program, count: number) =>
    times(count, (seed) => orderOf(program, pos(seed)).taken)

  test('two steps that race: either order is as likely', () => {
    const first = ordersOf([[touch('a')], [touch('b')]], 4_000).map(([name]) => name)
    expect(fitsEvenly(countsOf(first, ['a', 'b']))).toBe(true)
  })

  test('three steps that race: each of their six orders is as likely', () => {
    const orders = ordersOf([[touch('a')], [touch('b')], [touch('c')]], 6_000).map(String)
    expect(uniq(orders)).toHaveLength(6)
    expect(fitsEvenly(countsOf(orders, uniq(orders)))).toBe(true)
  })

  test('a step is drawn anew whenever one that it races with is taken', () => {
    const program = [[touch('a1'), touch('a2'), touch('a3')], [touch('b')]]
    const places = ordersOf(program, 8_000).map((taken) => taken.indexOf('b'))
    expect(fits(countsOf(places, [0, 1, 2, 3]), [1 / 2, 1 / 4, 1 / 8, 1 / 8])).toBe(true)
  })

  test('what counts is what a task is about to touch, not what it has touched', () => {
    const behind = (name: string) => ({
      ...touch(name),
      ready: (t: readonly string[]) => t.includes('a1'),
    })
    const program = [
      [touch('a1', 'y'), touch('a2')],
      [behind('b1'), behind('b2'), behind('b3')],
    ]
    const places = ordersOf(program, 8_000).map((taken) => taken.indexOf('a2'))
    expect(fits(countsOf(places, [1, 2, 3, 4]), [1 / 2, 1 / 4, 1 / 8, 1 / 8])).toBe(true)
  })

  test('a step keeps its priority while others are taken that it does not race with', () => {
    const program = [lane('a', 6), [touch('b')]]
    const places = ordersOf(program, 7_000).map((taken) => taken.indexOf('b'))
    const [last, earlier] = countsOf(
      places.map((place) => place === 6),
      [true, false],
    ) as [number, number]
    expect(fits([last, earlier], [1, 6])).toBe(true)
  })

  test('steps on different subjects do not race', () => {
    const program = [[touch('a1', 'x'), touch('a2', 'x'), touch('a3', 'x')], [touch('b', 'y')]]
    const places = ordersOf(program, 8_000).map((taken) => taken.indexOf('b'))
    expect(
      fits(
        countsOf(
          places.map((place) => place === 3),
          [true, false],
        ),
        [1, 3],
      ),
    ).toBe(true)
  })
})

describe('race directed (Sen, PLDI 2008)', () => {
  /** A strategy that has seen a run of a program. */
  function informedOf(program: Program): Strategy {
    const strategy = raceDirectedRuns()
    orderOf(program, watched(strategy, keepRunning))
    return strategy
  }

  interface Taken {
    /** Tasks that stood at a step on `x`, and elsewhere, when one was taken. */
    readonly held: number
    readonly free: number
  }

  function noting(noted: Taken[], choice: Choice): Choice {
    return {
      always: true,
      pick(all, count, positionOf) {
        const picked = count > 1 ? choice.pick(all, count, positionOf) : 0
        const isHeld = (option: Option) => positionOf(optionTask(option))!.point!.subject === 'x'
        const held = all.slice(0, count).filter(isHeld).length
        if (isHeld(all[picked]!)) noted.push({ held, free: count - held })
        return picked
      },
      took: (option, position) => choice.took?.(option, position),
    }
  }

  test('a step on the chosen subject waits for another, or until nothing else can go on', () => {
    const program = [
      [...lane('a', 4), touch('ax'), ...lane('A', 3)],
      [touch('bx'), ...lane('b', 5)],
      lane('c', 7),
    ]
    const strategy = informedOf(program)
    const noted: Taken[] = []
    const firsts = times(2_000, (seed) => {
      const { taken } = orderOf(program, noting(noted, strategy.begin(seed)))
      return taken.find((name) => name.endsWith('x'))
    })
    expect(noted.filter(({ held, free }) => held < 2 && free > 0)).toEqual([])
    expect(noted.filter(({ held }) => held === 2)).toHaveLength(2_000)
    expect(fitsEvenly(countsOf(firsts, ['ax', 'bx']))).toBe(true)
  })

  test('of the subjects that several tasks touch each is as likely to be chosen', () => {
    const program = ['x', 'y', 'z'].flatMap((on) => [[touch(`a${on}`, on)], [touch(`b${on}`, on)]])
    const strategy = informedOf(program)
    // Nobody waits at the others: they are over when the two meet that wait.
    const lasts = times(3_000, (seed) =>
      orderOf(program, strategy.begin(seed)).taken.at(-1)!.at(-1),
    )
    expect(uniq(lasts).sort()).toEqual(['x', 'y', 'z'])
    expect(fitsEvenly(countsOf(lasts, ['x', 'y', 'z']))).toBe(true)
  })

  test('nobody waits at what one task alone touches, or before anything is known', () => {
    const shared = [
      [touch('ax'), touch('own', 'own'), ...lane('a', 5)],
      [...lane('b', 5), touch('bx')],
    ]
    const alone = [[touch('own', 'own')], lane('b', 5)]
    const before = (program: Program, strategy: Strategy, name: string) =>
      times(200, (seed) => orderOf(program, strategy.begin(seed)).taken).filter(
        (taken) => taken.indexOf('own') < taken.indexOf(name),
      ).length
    expect(before(alone, informedOf(alone), 'b5')).toBeGreaterThan(100)
    expect(before(shared, raceDirectedRuns(), 'b5')).toBeGreaterThan(50)
    expect(before(shared, informedOf(shared), 'b5')).toBe(0)
  })
})
