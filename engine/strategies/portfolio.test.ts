/** The portfolio gives every strategy its turns. */
import { range, times, uniq } from 'lodash'
import { lane, orderOf, touch } from '../fixtures/orders'
import { keepRunning, type Position } from '../choice'
import { inTurns, portfolio, strategies, turns } from './portfolio'
import { watched, type Strategy } from './strategy'

/** Strategies that note what they are told. */
function noting(names: readonly string[]) {
  const noted: string[] = []
  const makers = names.map((name) => (): Strategy => {
    noted.push(`make ${name}`)
    return {
      name,
      begin: (seed) => (noted.push(`${name} begins ${seed}`), keepRunning),
      watch: (option, { point }: Position) =>
        noted.push(`${name} sees ${point!.label} of ${option}`),
      learn: ({ steps }) => noted.push(`${name} learns ${steps.length}`),
    }
  })
  return { noted, makers }
}

test('of as many runs in a row as there are turns every strategy draws one', () => {
  const endless = [...turns, ...turns]
  for (const first of range(turns.length))
    expect(new Set(endless.slice(first, first + turns.length))).toEqual(new Set(strategies))
})

test('strategies draw in the order of their turns, from the first on', () => {
  const { noted, makers } = noting(['a', 'b'])
  const [a, b] = makers as [() => Strategy, () => Strategy]
  const strategy = inTurns([a, b, b], 2)
  times(5, (seed) => strategy.begin(seed))
  expect(noted).toEqual([
    'make a',
    'make b',
    ...['b begins 0', 'a begins 1', 'b begins 2', 'b begins 3', 'a begins 4'],
  ])
})

test('every strategy sees every run, whoever draws it', () => {
  const { noted, makers } = noting(['a', 'b'])
  const strategy = inTurns(makers, 0)
  const { execution } = orderOf([[touch('first')]], watched(strategy, strategy.begin(0)))
  strategy.learn!(execution)
  expect(noted.slice(3)).toEqual([
    'a sees first x of 0',
    'b sees first x of 0',
    'a learns 1',
    'b learns 1',
  ])
})

test('the same seeds after the same runs draw the same schedules', () => {
  const program = [
    [...lane('a', 3), touch('ax')],
    [touch('bx'), ...lane('b', 3)],
  ]
  const runs = () => {
    const strategy = portfolio(3)
    return times(30, (seed) => {
      const { taken, execution } = orderOf(program, watched(strategy, strategy.begin(seed)))
      strategy.learn!(execution)
      return taken.join(' ')
    })
  }
  expect(runs()).toEqual(runs())
  expect(uniq(runs()).length).toBeGreaterThan(5)
})
