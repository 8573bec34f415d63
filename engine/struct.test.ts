import { keepRunning } from './choice'
import { Oops } from './errors'
import { kernelOf, steps } from './fixtures/toy'
import { recording, Touch, type Footprint } from './footprint'
import { embeddedIds, id } from './ids'
import { run, spawn } from './run'
import { bury, isStruct, parentOf, struct } from './struct'

interface Inner {
  count: number
}
interface Outer {
  readonly name: string
  start: number
  list: number[]
  inner: Inner
}

const inner_struct = struct('inner', (): Inner => ({ count: 0 }))
const outer_struct = struct('outer', (): Outer => ({
  name: 'none',
  start: 0,
  list: [],
  inner: inner_struct(),
}))

test('a struct has the fields of its declaration, or those that it was given', () => {
  const outer = outer_struct({ name: 'one', start: 5 })
  outer.list.push(1)
  outer.start++
  expect([outer.name, outer.start, outer.list, outer.inner.count]).toEqual(['one', 6, [1], 0])
  expect(outer_struct().list).toEqual([])
})

test('after its death a read and a write throw, each with the field; its name can be told', () => {
  const outer = outer_struct({ name: 'one' })
  bury(outer)
  expect(() => outer.start).toThrow(new Oops('use after free: read of outer.start'))
  expect(() => (outer.list = [])).toThrow(new Oops('use after free: write of outer.list'))
  expect(outer.name).toBe('one')
  expect(() => bury(outer)).toThrow(new Oops('double free'))
})

test('what is embedded dies with the whole and knows it; what was given from outside does not', () => {
  const [whole, other, given] = [outer_struct(), outer_struct(), inner_struct()]
  const { inner } = whole
  const pointing = outer_struct({ inner: given })
  expect([parentOf(inner), parentOf(given), parentOf({})]).toEqual([whole, null, null])
  bury(whole)
  bury(pointing)
  expect(() => inner.count).toThrow('use after free: read of inner.count')
  expect([other.inner.count, given.count]).toEqual([0, 0])
})

test('a struct names its own kind, and what is embedded in it', () => {
  const ids: string[] = []
  run(
    kernelOf(),
    () => {
      const outer = outer_struct()
      ids.push(id('whatever', outer), embeddedIds(outer, 'inner'), id('whatever', outer.inner))
      ids.push(embeddedIds(outer, 'inner'), id('whatever', outer_struct()))
    },
    keepRunning,
  )
  expect(ids).toEqual(['outer:1', '', 'inner:1', 'inner:1', 'outer:2'])
})

test('only structs are structs', () => {
  expect([outer_struct(), {}, null, 'text', undefined].map(isStruct)).toEqual([
    ...[true, false, false, false, false],
  ])
})

test('an exploration is told what a step touches: reads of the whole and of the field, writes', () => {
  const footprints: Footprint[] = []
  recording(footprints, () =>
    run(
      kernelOf(),
      () => {
        const outer = outer_struct()
        spawn('cpu0', function* () {
          yield* steps(1)
          outer.start = outer.inner.count
          yield* steps(1)
          outer.list.push(2)
          yield* steps(1)
          bury(outer)
        })
      },
      keepRunning,
    ),
  )
  const [inner, outer] = ['inner -1.1', 'outer -1.2']
  expect(footprints.map((footprint) => Object.fromEntries(footprint))).toEqual([
    {
      [outer]: 0,
      [`${outer}.inner`]: 0,
      [inner]: 0,
      [`${inner}.count`]: 0,
      [`${outer}.start`]: Touch.written,
    },
    { [outer]: 0, [`${outer}.list`]: Touch.written },
    { [outer]: Touch.written, [inner]: Touch.written },
  ])
})
