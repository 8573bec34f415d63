/**
 * What the seam costs: a call of a symbol that nobody observes against a direct call of its generator,
 * the same call observed, and a step at several call depths against native `yield*`.
 *
 *   npx ts-node -T bench/seam.ts [--json]        or        node bin/bench.js seam [--json]
 *
 * Rounds of the two kinds alternate, and the median round counts, so that a busy machine slows both.
 */
import { performance } from 'node:perf_hooks'
import { chunk, range, sortBy } from 'lodash'
import { keepRunning } from '../engine/choice'
import { run, spawn } from '../engine/run'
import { declaredSymbols, define, int, task, type Kernel, type TaskSymbol } from '../engine/symbol'
import { point, type Point, type Task } from '../engine/task'

const symbolCount = 104
const sitesPerCaller = 8
const rounds = 301
const callsPerRound = 40_000
const depths = [1, 4, 8, 12]
const stepsPerRun = 2_000
const stepRounds = 61

type Leaf = (value: number) => Iterable<Point, number, unknown>
type Seam = TaskSymbol<[value: number], number, boolean, any>

/** What is measured of a call: its generator only created, or run to its end by `yield*`. */
type Kind = 'created' | 'run'

/** Functions of their own code each, as definitions in files are: closures of one text share feedback. */
function freshLeaf(n: number, points: number): Leaf {
  const text = `return function* leaf${n}_${points}(value) { ${"yield* point('step');".repeat(points)} return value + ${n % 7} }`
  return new Function('point', text)(point) as Leaf
}

/** A caller with {@link sitesPerCaller} call sites, each of which only ever calls one function. */
function freshCaller(callees: readonly unknown[], kind: Kind): (value: number) => number {
  const names = callees.map((_, i) => `callee${i}`)
  const text =
    kind === 'created'
      ? `return (value) => { ${names.map((name) => `${name}(value)`).join('\n')}; return value + 1 }`
      : `function* caller(value) { ${names.map((name) => `value = yield* ${name}(value)`).join('\n')}; return value }
         return (value) => { const calls = caller(value); for (;;) { const { done, value } = calls.next(); if (done) return value } }`
  return new Function(...names, text)(...callees) as (value: number) => number
}

function nanoseconds(callers: readonly ((value: number) => number)[]): number {
  const turns = Math.ceil(callsPerRound / symbolCount)
  const began = performance.now()
  let value = 0
  for (let turn = 0; turn < turns; turn++)
    for (const caller of callers) value = caller(value & 1023)
  const ms = performance.now() - began
  if (value < 0) throw new Error('the calls were not made')
  return (ms * 1e6) / (turns * symbolCount)
}

function median(values: readonly number[]): number {
  return sortBy(values)[values.length >> 1]!
}

/** Medians of two kinds of round that take turns, each first every other time. */
function alternating(count: number, one: () => number, other: () => number): [number, number] {
  const ones: number[] = []
  const others: number[] = []
  for (let round = -Math.ceil(count / 10); round < count; round++) {
    const first = round % 2 === 0 ? one() : other()
    const second = round % 2 === 0 ? other() : one()
    if (round < 0) continue
    ones.push(round % 2 === 0 ? first : second)
    others.push(round % 2 === 0 ? second : first)
  }
  return [median(ones), median(others)]
}

function kernel(listens: readonly string[]): Kernel {
  return { patches: [], listens: new Set(listens) }
}

interface Calls {
  readonly direct: number
  readonly seam: number
  readonly ratio: number
}

function compareCalls(leaves: readonly Leaf[], symbols: readonly Seam[], kind: Kind): Calls {
  const callersOf = (functions: readonly unknown[]) =>
    chunk(functions, sitesPerCaller).map((group) => freshCaller(group, kind))
  const [directly, throughSeam] = [callersOf(leaves), callersOf(symbols)]
  const [direct, seam] = alternating(
    rounds,
    () => nanoseconds(directly),
    () => nanoseconds(throughSeam),
  )
  return { direct, seam, ratio: seam / direct }
}

/** What one observed call costs inside a run, entry and return recorded: nanoseconds. */
function observedCall(symbols: readonly Seam[], listening: Kernel): number {
  const turns = 40
  const body = function* (): Task<void> {
    yield* point('begin')
    for (let turn = 0; turn < turns; turn++) for (const symbol of symbols) yield* symbol(turn)
  }
  const costs = range(60).map(() => {
    const began = performance.now()
    run(listening, () => void spawn('cpu0', body), keepRunning)
    return ((performance.now() - began) * 1e6) / (turns * symbols.length)
  })
  return median(costs.slice(10))
}

/** Calls nested `depth` deep with all the points at the bottom: observed symbols, or plain generators. */
function nested(depth: number, layers: readonly Seam[] | null): () => Task<void> {
  const bottom = function* (): Generator<any, number, unknown> {
    for (let i = 0; i < stepsPerRun; i++) yield* point('step')
    return 0
  }
  let inner: () => Iterable<any, number, unknown> = bottom
  for (let level = 0; level < depth; level++) {
    const below = inner
    const layer = function* (): Generator<any, number, unknown> {
      return yield* below()
    }
    const symbol = layers?.[level]
    inner = symbol ? () => through(symbol, layer) : layer
  }
  return function* () {
    yield* inner()
  }
}

const bodies = new Map<Seam, () => Iterable<any, number, unknown>>()

/** Calls a symbol whose body is `layer` for now. */
function through(symbol: Seam, layer: () => Iterable<any, number, unknown>) {
  bodies.set(symbol, layer)
  return symbol(0)
}

interface Steps {
  readonly depth: number
  readonly native: number
  readonly held: number
}

function compareSteps(layers: readonly Seam[], listening: Kernel): Steps[] {
  const oneRun = (body: () => Task<void>) => {
    const began = performance.now()
    run(listening, () => void spawn('cpu0', body), keepRunning)
    return ((performance.now() - began) * 1e6) / stepsPerRun
  }
  return depths.map((depth) => {
    const [native, held] = alternating(
      stepRounds,
      () => oneRun(nested(depth, null)),
      () => oneRun(nested(depth, layers)),
    )
    return { depth, native, held }
  })
}

/** Direct functions and the symbols that they define. */
function family(points: number): { leaves: Leaf[]; symbols: Seam[] } {
  const leaves = range(symbolCount).map((n) => freshLeaf(n, points))
  const symbols = leaves.map((leaf, n): Seam => {
    const declared = task(`bench_leaf_${n}_${points}`, (value: number) => ({ value }), int)
    define(declared, leaf)
    return declared
  })
  return { leaves, symbols }
}

/** What is measured of the seam. */
export type SeamFigures = ReturnType<typeof measureSeam>

export function measureSeam() {
  const [short, stepping] = [family(0), family(1)]
  const layers = range(Math.max(...depths)).map((n): Seam => {
    const declared: Seam = task(`bench_layer_${n}`, (value: number) => ({ value }), int)
    define(declared, function* () {
      return yield* bodies.get(declared)!()
    })
    return declared
  })
  // Half of the symbols are observed, hot, and then no longer.
  const half = [short, stepping].map(({ symbols }) => symbols.filter((_, n) => n % 2 === 0))
  const listening = kernel(half.flat().map(({ slot }) => slot.name))
  const [observed] = half.map((symbols) => observedCall(symbols, listening))
  run(kernel([]), () => undefined, keepRunning)
  const compare = (of: typeof short, kind: Kind) => compareCalls(of.leaves, of.symbols, kind)
  return {
    symbols: symbolCount,
    calls: {
      created: compare(short, 'created'),
      run: compare(short, 'run'),
      stepping: compare(stepping, 'run'),
    },
    observed: observed!,
    steps: compareSteps(layers, kernel(declaredSymbols().map(({ name }) => name))),
  }
}

function table({ symbols, calls, observed, steps }: SeamFigures): string {
  const row = (what: string, ...cells: string[]) =>
    what.padEnd(40) + cells.map((cell) => cell.padStart(9)).join('')
  const callRow = (what: string, { direct, seam, ratio }: Calls) =>
    row(what, direct.toFixed(1), seam.toFixed(1), ratio.toFixed(3))
  return [
    `${symbols} symbols, half of them observed before; ns, medians of ${rounds} alternating rounds`,
    row('an unobserved call', 'direct', 'seam', 'ratio'),
    callRow('  its generator created only', calls.created),
    callRow('  yield* of a body without a point', calls.run),
    callRow('  yield* of a body with one point', calls.stepping),
    row('an observed call, in a run', '', observed.toFixed(1)),
    '',
    row('a step in a run', 'native', 'held'),
    ...steps.map(({ depth, native, held }) =>
      row(`  ${depth} calls deep`, native.toFixed(1), held.toFixed(1)),
    ),
  ].join('\n')
}

export function seam(args: readonly string[]): void {
  const result = measureSeam()
  console.log(args.includes('--json') ? JSON.stringify(result, null, 2) : table(result))
}

if (require.main === module) seam(process.argv.slice(2))
