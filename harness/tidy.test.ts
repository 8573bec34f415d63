/** The structure, enforced: imports run one way, files and functions stay small, no rule is without teeth. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve, dirname } from 'node:path'
import { intersection } from 'lodash'
import ts from 'typescript'

const root = join(__dirname, '..')
const layers = [
  'engine',
  'spec',
  'reference',
  'harness',
  'properties',
  'fixtures',
  'bench',
] as const
/** The lowest layers first; the last three stand side by side on the roof. */
const height: Readonly<Record<string, number>> = {
  engine: 0,
  spec: 1,
  reference: 2,
  harness: 3,
  properties: 4,
  fixtures: 4,
  bench: 4,
}
const linesMax = 400
const functionLinesMax = 70

interface Source {
  readonly path: string
  readonly layer: string
  readonly text: string
  readonly tree: ts.SourceFile
}

function sources(): Source[] {
  return layers.flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => {
        const path = join(layer, file)
        const text = readFileSync(join(root, path), 'utf8')
        return {
          path,
          layer,
          text,
          tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true),
        }
      }),
  )
}

const all = sources()
const shipped = all.filter(
  ({ path }) => !path.endsWith('.test.ts') && !path.includes('engine/fixtures/'),
)

function importsOf({ tree }: Source): { from: string; typeOnly: boolean }[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    if (!statement.moduleSpecifier) return []
    const from = (statement.moduleSpecifier as ts.StringLiteral).text
    const { isTypeOnly } = ts.isExportDeclaration(statement)
      ? statement
      : (statement.importClause ?? {})
    return [{ from, typeOnly: isTypeOnly ?? false }]
  })
}

test('imports run one way: engine, spec, reference, harness, then properties and fixtures', () => {
  const wrong = shipped.flatMap((source) =>
    importsOf(source)
      .filter(({ from, typeOnly }) => from.startsWith('.') && !typeOnly)
      .map(({ from }) => relative(root, resolve(root, dirname(source.path), from)).split('/')[0]!)
      .filter((target) => (height[target] ?? 0) > height[source.layer]!)
      .map((target) => `${source.path} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('no file imports itself by way of others, not even a type', () => {
  // Structs of headers know each other as they do in C, where `struct foo;` is all that it takes.
  const isDeclaration = (source: Source, typeOnly: boolean) =>
    typeOnly && source.path.startsWith(join('spec', 'headers'))
  const imports = new Map<string, readonly string[]>()
  for (const source of all)
    imports.set(
      source.path,
      importsOf(source)
        .filter(({ from, typeOnly }) => from.startsWith('.') && !isDeclaration(source, typeOnly))
        .map(({ from }) => `${join(dirname(source.path), from)}.ts`),
    )
  expect(circlesOf(imports)).toEqual([])
})

/** What is left of a graph once nothing can be taken away that points to nothing, or nothing points to. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const ahead = (nodes: readonly string[]) =>
    nodes.filter((node) => intersection(graph.get(node), nodes).length > 0)
  const behind = (nodes: readonly string[]) => {
    const targets = new Set(nodes.flatMap((node) => graph.get(node)!))
    return nodes.filter((node) => targets.has(node))
  }
  let left = [...graph.keys()]
  for (let before = Infinity; left.length < before;) {
    before = left.length
    left = behind(ahead(left))
  }
  return left
}

test('only harness, bench and fixtures know a library for the command line or the file system', () => {
  const wrong = shipped
    .filter(({ layer }) => height[layer]! < height.harness!)
    .flatMap((source) => importsOf(source).map(({ from }) => ({ path: source.path, from })))
    .filter(({ from }) => !from.startsWith('.') && from !== 'lodash')
  expect(wrong).toEqual([])
})

test(`no file is longer than ${linesMax} lines, no function longer than ${functionLinesMax}`, () => {
  const long = all.filter(({ text }) => text.split('\n').length > linesMax).map(({ path }) => path)
  expect(long).toEqual([])
  const functions: string[] = []
  for (const { path, tree } of shipped) {
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body) {
        const { line: first } = tree.getLineAndCharacterOfPosition(node.getStart())
        const { line: last } = tree.getLineAndCharacterOfPosition(node.end)
        if (last - first >= functionLinesMax) functions.push(`${path}:${first + 1}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
  }
  expect(functions).toEqual([])
})

test('below the harness nothing asks the clock or chance', () => {
  const wrong = shipped.filter(
    ({ layer, text }) =>
      height[layer]! < height.harness! &&
      /\bDate\.now|new Date|Math\.random|Promise\b|async /.test(text),
  )
  expect(wrong.map(({ path }) => path)).toEqual([])
})

test('no call of a task is forgotten: what yields is yielded', () => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config as object
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const files = all
    .filter(({ layer }) => layer === 'reference' || layer === 'harness')
    .map(({ path }) => join(root, path))
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const forgotten: string[] = []
  for (const { path } of all.filter(({ layer }) => layer === 'reference' || layer === 'harness')) {
    const tree = program.getSourceFile(join(root, path))!
    const visit = (node: ts.Node): void => {
      if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
        const type = checker.getTypeAtLocation(node.expression)
        if (['Iterable', 'Generator', 'Point'].includes(type.symbol?.name))
          forgotten.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
  }
  expect(forgotten).toEqual([])
})
