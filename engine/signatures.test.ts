/** What the types of the seam refuse: each source below compiles, and does not with one thing wrong. */
import { join } from 'node:path'
import ts from 'typescript'

const prelude = `
import { atomic, define, int, opsTable, plain, replace, task, happening } from './symbol'
import { point, until, type AtomicTask, type Task } from './task'
interface Range { readonly start: number }
declare const range: Range
const lock = task('lock', (range: Range) => ({ start: range.start }))
const mark = atomic('mark', (range: Range) => ({ start: range.start }), int)
const put = plain('put', (range: Range) => ({ start: range.start }))
const find = plain('find', (start: number) => ({ start }), int)
const access = happening('access', (start: number) => ({ start }))
const table = opsTable({ start: task('ops.start', (range: Range) => ({ start: range.start }), int), end: mark })
`

interface Twins {
  readonly what: string
  readonly good: string
  readonly bad: string
  /** Part of what the compiler says to the bad one. */
  readonly says: RegExp
}

const twins: readonly Twins[] = [
  {
    what: 'a generator for a plain void symbol',
    good: `replace(put, () => undefined)`,
    bad: `replace(put, function* () { yield* point('never run') })`,
    says: /No overload matches/,
  },
  {
    what: 'a generator for a plain symbol with a result',
    good: `replace(find, (start) => start + 1)`,
    bad: `replace(find, function* (start) { return start })`,
    says: /No overload matches/,
  },
  {
    what: 'a plain function for a task',
    good: `replace(lock, function* () {})`,
    bad: `replace(lock, () => undefined)`,
    says: /No overload matches/,
  },
  {
    what: 'a wrong argument type',
    good: `replace(find, (start: number) => start)`,
    bad: `replace(find, (start: string) => start.length)`,
    says: /No overload matches/,
  },
  {
    what: 'a wrong argument type of a task',
    good: `replace(lock, function* (of: Range) { yield* point('lock', of.start) })`,
    bad: `replace(lock, function* (of: number) { yield* point('lock', of) })`,
    says: /No overload matches/,
  },
  {
    what: 'a wrong return type',
    good: `replace(find, () => 0)`,
    bad: `replace(find, () => 'none')`,
    says: /No overload matches/,
  },
  {
    what: 'a wrong return type of a task',
    good: `replace(mark, function* () { return 0 })`,
    bad: `replace(mark, function* () { return true })`,
    says: /No overload matches/,
  },
  {
    what: 'no return value where one is due',
    good: `define(mark, function* () { return 0 })`,
    bad: `define(mark, function* () {})`,
    says: /No overload matches/,
  },
  {
    what: 'a definition with another result than declared',
    good: `define(find, (start) => start)`,
    bad: `define(find, (start) => (start > 0 ? start : null))`,
    says: /No overload matches/,
  },
  {
    what: 'a sleeping call inside an atomic definition',
    good: `define(mark, function* (of) { yield* mark(of); return 0 })`,
    bad: `define(mark, function* (of) { yield* lock(of); return 0 })`,
    says: /No overload matches/,
  },
  {
    what: 'a sleeping wait inside an atomic task',
    good: `export function* spin(): AtomicTask<void> { yield* point('spin') }`,
    bad: `export function* spin(): AtomicTask<void> { yield* until('sleep', '', () => true) }`,
    says: /not assignable/,
  },
  {
    what: 'an ops table function of a wrong argument',
    good: `table({ *start(of: Range) { yield* point('start', of.start); return 0 } })`,
    bad: `table({ *start(of: Range & { gpu: string }) { yield* point('start', of.gpu); return 0 } })`,
    says: /not assignable/,
  },
  {
    what: 'an ops table function of a wrong result',
    good: `table({ *start() { return -11 } })`,
    bad: `table({ *start() { return '-EAGAIN' } })`,
    says: /not assignable/,
  },
  {
    what: 'an ops table function that sleeps where the op may not',
    good: `table({ *end(of) { return yield* mark(of) } })`,
    bad: `table({ *end(of) { yield* lock(of); return 0 } })`,
    says: /not assignable/,
  },
  {
    what: 'an op that the table does not have',
    good: `table({})`,
    bad: `table({ *stop() { return 0 } })`,
    says: /does not exist/,
  },
  {
    what: 'an op called without asking whether it is there',
    good: `export function* call(): Task<void> { yield* table({}).start!(range) }`,
    bad: `export function* call(): Task<void> { yield* table({}).start(range) }`,
    says: /possibly 'null'/,
  },
  {
    what: 'a call with a wrong argument',
    good: `access(find(3))`,
    bad: `access('3')`,
    says: /not assignable/,
  },
]

/** A patch may sleep where the symbol may not: defects that do must be writable. */
const allowed = `replace(mark, function* (of) { yield* lock(of); return 0 })`

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
}

/** What the compiler says to each of several sources that stand beside the engine's files. */
function complaints(texts: readonly string[]): string[] {
  const files = new Map(
    texts.map((text, i) => [join(__dirname, `virtual-${i}.ts`), prelude + text]),
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.getSourceFile = (name, target) => {
    const text = files.get(name)
    return text === undefined
      ? getSourceFile(name, target)
      : ts.createSourceFile(name, text, target)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name)!)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      .join('\n'),
  )
}

const said = complaints([...twins.flatMap(({ good, bad }) => [good, bad]), allowed])

test.each(twins.map((twin, i) => ({ ...twin, toGood: said[2 * i]!, toBad: said[2 * i + 1]! })))(
  '$what is refused',
  ({ toGood, toBad, says }) => {
    expect(toGood).toBe('')
    expect(toBad).toMatch(says)
  },
)

test('a patch may sleep where the symbol may not', () => {
  expect(said.at(-1)).toBe('')
})
