import { keepRunning } from './choice'
import { EngineError, UsageError } from './errors'
import { kernelOf } from './fixtures/toy'
import { id } from './ids'
import { run, spawn, threadById, type Execution } from './run'
import {
  atomic,
  bool,
  declaredSymbols,
  define,
  happening,
  int,
  nothing,
  opsTable,
  plain,
  pointer,
  replace,
  symbol,
  task,
  type Kernel,
} from './symbol'
import { point, until, type Task } from './task'

interface Page {
  readonly pfn: number
}

const toy_fault = task('toy_fault', (page: Page) => ({ page: id('page', page) }), int)
const toy_map = atomic('toy_map', (page: Page, where: number) => ({
  page: id('page', page),
  where,
}))
const toy_find = plain(
  'toy_find',
  (pfn: number) => ({ pfn }),
  pointer((page: Page | null) => id('page', page)),
)
const toy_valid = plain('toy_valid', (page: Page) => ({ page: id('page', page) }), bool)
const toy_put = plain('toy_put', (page: Page) => ({ page: id('page', page) }))
const toy_access = happening('toy_access', (pfn: number) => ({ pfn }))
const toy_helper = symbol('toy_helper', (pfn: number) => pfn * 2)

const pages: Page[] = []
define(toy_fault, function* (page) {
  yield* point('fault')
  yield* toy_map(page, toy_helper(page.pfn))
  toy_put(page)
  return toy_valid(page) ? 0 : -14
})
define(toy_map, function* () {
  yield* point('map')
})
define(toy_find, (pfn) => pages.find((page) => page.pfn === pfn) ?? null)
define(toy_valid, (page) => page.pfn > 0)
define(toy_put, () => undefined)

const toyOps = {
  start: task('toy_ops.start', (page: Page) => ({ page: id('page', page) }), int),
  end: atomic('toy_ops.end', (page: Page) => ({ page: id('page', page) })),
}
const fillToyOps = opsTable(toyOps)

const everything = declaredSymbols().map(({ name }) => name)

function runBody(kernel: Kernel, body: () => Task<void>): Execution {
  return run(kernel, () => void spawn('cpu0', body), keepRunning)
}

function story({ events }: Execution): string[] {
  return events
    .filter(({ symbol: name }) => name !== 'run_end')
    .map(({ symbol: name, phase, result }) => {
      if (phase === 'call') return name
      return result === undefined ? `${name}.return` : `${name}.return ${result}`
    })
}

function* fault(): Task<void> {
  yield* toy_fault({ pfn: 7 })
}

describe('observing', () => {
  test('entries and returns nest as the calls do', () => {
    expect(story(runBody(kernelOf(everything), fault))).toEqual([
      'toy_fault',
      'toy_map',
      'toy_map.return',
      'toy_put',
      'toy_put.return',
      'toy_valid',
      'toy_valid.return true',
      'toy_fault.return 0',
    ])
  })

  test('a return carries the ids of its entry and points at it', () => {
    const { events } = runBody(kernelOf(['toy_map']), fault)
    const shared = { task: 0, symbol: 'toy_map', entry: 0, page: 'page:1', where: 14 }
    expect(events[0]).toEqual({ ...shared, phase: 'call', at: 0, step: 0 })
    expect(events[1]).toEqual({ ...shared, phase: 'return', at: 1, step: 1, result: undefined })
  })

  test('what nobody listens to leaves no event, and takes the same steps', () => {
    const silent = runBody(kernelOf(), fault)
    expect(story(silent)).toEqual([])
    const { steps: heard } = runBody(kernelOf(everything), fault)
    expect(silent.steps).toEqual(heard)
  })

  test('the stack of a task is that of its open observed calls', () => {
    const stacks: string[][] = []
    const look = replace(toy_map, function* () {
      yield* point('look')
      stacks.push(threadById(0)!.stack())
    })
    runBody(kernelOf(everything, [look]), fault)
    runBody(kernelOf(['toy_map'], [look]), fault)
    expect(stacks).toEqual([['toy_fault', 'toy_map'], ['toy_map']])
  })

  test('results appear as they were declared', () => {
    const body = function* (): Task<void> {
      yield* point('find')
      toy_find(7)
      toy_access(3)
    }
    pages.push({ pfn: 7 })
    const found = runBody(kernelOf(everything), body)
    pages.length = 0
    const missed = runBody(kernelOf(everything), body)
    expect(story(found)).toEqual([
      'toy_find',
      'toy_find.return page:1',
      'toy_access',
      'toy_access.return',
    ])
    expect(story(missed)[1]).toBe('toy_find.return NULL')
  })
})

describe('replacing', () => {
  test('takes the place for the run only', () => {
    const fail = kernelOf(['toy_fault'], [replace(toy_valid, () => false)])
    expect(story(runBody(fail, fault)).at(-1)).toBe('toy_fault.return -14')
    expect(story(runBody(kernelOf(['toy_fault']), fault)).at(-1)).toBe('toy_fault.return 0')
  })

  test('a patch calls what it replaces by .original, and is observed once', () => {
    const retry = replace(toy_fault, function* (page) {
      yield* toy_fault.original(page)
      return (yield* toy_fault.original({ pfn: -page.pfn })) - 1
    })
    const told = story(runBody(kernelOf(['toy_fault', 'toy_map'], [retry]), fault))
    expect(told).toEqual([
      'toy_fault',
      ...['toy_map', 'toy_map.return', 'toy_map', 'toy_map.return'],
      'toy_fault.return -15',
    ])
    const negate = replace(toy_valid, (page) => !toy_valid.original(page))
    expect(story(runBody(kernelOf(['toy_fault'], [negate]), fault)).at(-1)).toBe(
      'toy_fault.return -14',
    )
  })

  test('an atomic symbol and an internal one can be replaced, by what sleeps too', () => {
    const sleep = replace(toy_map, function* () {
      yield* until('sleep', 'long', () => true)
    })
    const shift = replace(toy_helper, (pfn) => pfn + 1)
    const { events } = runBody(kernelOf(['toy_map'], [sleep, shift]), fault)
    expect(events.map(({ symbol: name }) => name)).toEqual(['toy_map', 'toy_map', 'run_end'])
  })

  test.each([
    [
      'a plain function for a task',
      () => ({ slot: toy_fault.slot, fn: () => 0 }),
      /must be a function\*/,
    ],
    [
      'a generator for a plain symbol',
      () => ({ slot: toy_put.slot, fn: function* () {} }),
      /must not be a function\*/,
    ],
    ['nothing at all', () => ({ slot: toy_put.slot, fn: undefined as never }), /is not a function/],
    [
      'a symbol nobody declared',
      () => ({ slot: { ...toy_put.slot }, fn: () => undefined }),
      /names no symbol: toy_put/,
    ],
    [
      'a missing import',
      () => ({ slot: undefined as never, fn: () => undefined }),
      /names no symbol/,
    ],
  ])('%s is refused', (_what, patch, message) => {
    const boot = () => runBody(kernelOf([], [patch()]), fault)
    expect(boot).toThrow(UsageError)
    expect(boot).toThrow(message)
    expect(runBody(kernelOf(), fault).end.kind).toBe('done')
  })

  test('two patches of one symbol are refused', () => {
    const twice = [replace(toy_valid, () => true), replace(toy_valid, () => false)]
    expect(() => runBody(kernelOf([], twice), fault)).toThrow(/patched twice/)
  })
})

describe('linking', () => {
  test('an unknown name cannot be listened to, nor can an internal symbol', () => {
    expect(() => runBody(kernelOf(['toy_nobody']), fault)).toThrow(EngineError)
    expect(() => runBody(kernelOf(['toy_helper']), fault)).toThrow(EngineError)
  })

  test('a symbol is declared once and defined once', () => {
    expect(() => plain('toy_put', () => ({}))).toThrow(/declared twice/)
    expect(() => define(toy_put, () => undefined)).toThrow(/defined twice/)
    expect(() => define(toy_access, () => undefined)).toThrow(/defined twice/)
  })

  test('a definition is of the kind that was declared', () => {
    jest.isolateModules(() => {
      const alone = require('./symbol') as typeof import('./symbol')
      const { UsageError: Refused } = require('./errors') as typeof import('./errors')
      const lone = alone.plain('toy_lone', () => ({}))
      expect(() => alone.define(lone, function* () {} as never)).toThrow(Refused)
    })
  })

  test('a symbol that is declared but never defined stops the boot, and so does one never booted', () => {
    jest.isolateModules(() => {
      const alone = require('./symbol') as typeof import('./symbol')
      const engine = require('./run') as typeof import('./run')
      const orphan = alone.plain('toy_orphan', () => ({}), alone.int)
      expect(() => orphan()).toThrow(/before any boot/)
      const boot = () => engine.run(kernelOf(), () => undefined, keepRunning)
      expect(boot).toThrow(/toy_orphan is declared but never defined/)
      alone.define(orphan, () => 5)
      expect(boot().end.kind).toBe('done')
      expect(orphan()).toBe(5)
    })
  })

  test('declarations are listed in order, without the internal symbols', () => {
    const tables = ['toy_ops.start', 'toy_ops.end']
    const taskAndPlain = ['toy_fault', 'toy_map', 'toy_find', 'toy_valid', 'toy_put', 'toy_access']
    expect(everything).toEqual([...taskAndPlain, ...tables])
    expect(nothing.toEvent()).toBeUndefined()
  })
})

describe('ops tables', () => {
  const ops = fillToyOps({
    *start(page) {
      yield* toy_map(page, 0)
      return page.pfn
    },
  })

  function* callStart(): Task<void> {
    yield* ops.start!({ pfn: 4 })
  }

  test('a call through the table is observed as the declared op, around what it calls', () => {
    expect(story(runBody(kernelOf(everything), callStart))).toEqual([
      'toy_ops.start',
      'toy_map',
      'toy_map.return',
      'toy_ops.start.return 4',
    ])
  })

  test('it is a scheduling point before its entry, observed or not', () => {
    const labels = (listens: string[]) => {
      const boot = () => void spawn('cpu0', callStart)
      const { steps, events } = run(kernelOf(listens), boot, keepRunning, { labels: true })
      return { labels: steps.map(({ label }) => label), first: events[0]!.step }
    }
    expect(labels(['toy_ops.start'])).toEqual({ labels: ['->toy_ops.start', 'map'], first: 0 })
    expect(labels([]).labels).toEqual(['->toy_ops.start', 'map'])
  })

  test('an op that was left out is null, and none is called past the table', () => {
    expect(ops.end).toBeNull()
    const past = function* (): Task<void> {
      yield* toyOps.end({ pfn: 4 })
    }
    expect(() => runBody(kernelOf(), past)).toThrow(/through an ops table/)
  })
})
