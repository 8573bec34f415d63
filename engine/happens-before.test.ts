import { keepRunning, type Choice } from './choice'
import { accessed, acquire, marked, release, watchAccesses, type Access } from './happens-before'
import { run, spawn } from './run'
import { point, type Task } from './task'

interface Conflict {
  readonly field: string
  readonly first: Access
  readonly second: Access
  readonly ordered: boolean
}

const place = {}
const object = {}
const atomic = () => true
const plain = () => false

/** What is told of two tasks that run one after the other. */
function conflicts(first: () => Task<void>, second: () => Task<void>): Conflict[] {
  const told: Conflict[] = []
  watchAccesses((_object, field, first, second, ordered) =>
    told.push({ field, first, second, ordered }),
  )
  const inTurn: Choice = keepRunning
  try {
    run(
      { patches: [], listens: new Set() },
      () => {
        spawn('first', first)
        spawn('second', second)
      },
      inTurn,
    )
  } finally {
    watchAccesses(null)
  }
  return told
}

function* writes(): Task<void> {
  yield* point('write')
  accessed(object, 'field', true, plain)
}

test('a read behind a write of another task is not ordered by the schedule alone', () => {
  const [found, ...others] = conflicts(writes, function* () {
    yield* point('read')
    marked(() => accessed(object, 'field', false, plain))
  })
  expect(others).toEqual([])
  expect(found).toMatchObject({ field: 'field', ordered: false })
  expect(found!.first).toMatchObject({ task: 0, write: true, marked: false })
  expect(found!.second).toMatchObject({ task: 1, write: false, marked: true })
})

test('what was released before the other acquired is ordered, what came after is not', () => {
  const found = conflicts(
    function* () {
      yield* point('write')
      accessed(object, 'before', true, plain)
      release(place)
      accessed(object, 'after', true, plain)
    },
    function* () {
      yield* point('read')
      acquire(place)
      accessed(object, 'before', true, plain)
      accessed(object, 'after', false, plain)
    },
  )
  expect(found.map(({ field, ordered }) => [field, ordered])).toEqual([
    ['before', true],
    ['after', false],
  ])
})

test('an atomic field orders, and conflicts with nothing', () => {
  const count = function* (): Task<void> {
    yield* point('count')
    accessed(object, 'field', true, plain)
    accessed(object, 'count', true, atomic)
  }
  const countFirst = function* (): Task<void> {
    yield* point('count')
    accessed(object, 'count', true, atomic)
    accessed(object, 'field', true, plain)
  }
  expect(conflicts(count, countFirst).map(({ field, ordered }) => [field, ordered])).toEqual([
    ['field', true],
  ])
})

test('reads alone, and accesses of one task, conflict with nothing', () => {
  const reads = function* (): Task<void> {
    yield* point('read')
    accessed(object, 'field', false, plain)
  }
  expect(conflicts(reads, reads)).toEqual([])
  expect(
    conflicts(
      function* () {
        yield* writes()
        accessed(object, 'field', false, plain)
      },
      function* () {},
    ),
  ).toEqual([])
})
