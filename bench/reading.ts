/**
 * What a reader of reference/ has before him: how long its files and functions are, and how many of its
 * operations say where they are written.
 *
 *   node bin/bench.js reading [--json]
 *
 * An operation is a kernel symbol that is defined, or a function that a file exports. It says where it is written if
 * the comment above it or above its declaration in spec/headers does, in one of three ways:
 *
 *   000:2972                    a line of a document
 *   Linux's own (mm/gup.c)      no document describes it: it does what that file of Linux does
 *   the model's own             Linux has no such function: what it stands for here is said
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findKey, mapValues, maxBy } from 'lodash'
import ts from 'typescript'
import { median, share } from './models/statistics'
import { flag } from './options'

const root = join(__dirname, '..')

/** Where an operation is written, the first that fits. */
const origins = {
  documents: /\b\d{3}:\d+/,
  linux: /Linux's own \([a-z][\w/.-]*\)/,
  model: /the model's own/i,
}
type Origin = keyof typeof origins

interface Extent {
  readonly name: string
  readonly lines: number
}

interface Operation {
  readonly name: string
  /** Null where nothing says it. */
  readonly origin: Origin | null
}

export interface Reading {
  readonly files: number
  readonly medianFile: number
  readonly largestFile: Extent
  readonly functions: number
  readonly medianFunction: number
  readonly longestFunction: Extent
  readonly operations: number
  /** Shares of all operations. */
  readonly written: Readonly<Record<Origin, number>>
  /** Operations that do not say where they are written. */
  readonly unsaid: readonly string[]
}

function trees(folder: string): ts.SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => {
      const path = join(folder, file)
      const text = readFileSync(join(root, path), 'utf8')
      return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
    })
}

export function measureReading(): Reading {
  const reference = trees('reference')
  const declared = declarations(trees(join('spec', 'headers')))
  const files = reference.map(({ fileName, text }) => ({
    name: fileName,
    lines: text.trimEnd().split('\n').length,
  }))
  const functions = reference.flatMap(functionsOf)
  const operations = reference.flatMap((tree) => operationsOf(tree, declared))
  return {
    files: files.length,
    medianFile: median(files.map(({ lines }) => lines)),
    largestFile: maxBy(files, 'lines')!,
    functions: functions.length,
    medianFunction: median(functions.map(({ lines }) => lines)),
    longestFunction: maxBy(functions, 'lines')!,
    operations: operations.length,
    written: mapValues(origins, (_, kind) => share(operations, ({ origin }) => origin === kind)),
    unsaid: operations.filter(({ origin }) => origin === null).map(({ name }) => name),
  }
}

/** What the headers say of each symbol. */
function declarations(headers: readonly ts.SourceFile[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { statements } of headers)
    for (const statement of statements.filter(ts.isVariableStatement))
      for (const { name } of statement.declarationList.declarations)
        texts.set(name.getText(), commentAbove(statement))
  return texts
}

/** Functions with a body of their own in braces; what is only an expression is no function to read. */
function functionsOf(tree: ts.SourceFile): Extent[] {
  const found: Extent[] = []
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1
  const visit = (node: ts.Node): void => {
    if (
      ts.isFunctionLike(node) &&
      'body' in node &&
      node.body &&
      ts.isBlock(node.body as ts.Node)
    ) {
      const first = lineAt(node.getStart())
      found.push({ name: `${tree.fileName}:${first}`, lines: lineAt(node.end) - first + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function operationsOf(tree: ts.SourceFile, declared: ReadonlyMap<string, string>): Operation[] {
  return tree.statements.flatMap((statement) => {
    const name = definedBy(statement) ?? exportedBy(statement)
    if (name === undefined) return []
    const text = `${commentAbove(statement)} ${declared.get(name) ?? ''}`
    return [{ name: `${tree.fileName} ${name}`, origin: originOf(text) }]
  })
}

function commentAbove(statement: ts.Statement): string {
  const before = statement.getFullText().slice(0, statement.getLeadingTriviaWidth())
  return before.slice(Math.max(0, before.lastIndexOf('/**')))
}

/** Where an operation says that it is written, from its comments. */
export function originOf(text: string): Origin | null {
  const line = text.replace(/\s*\n[\s*]*/g, ' ')
  return (findKey(origins, (form) => form.test(line)) as Origin | undefined) ?? null
}

/** The symbol that a statement such as `define(mmput, …)` defines. */
function definedBy(statement: ts.Statement): string | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return
  const { expression, arguments: given } = statement.expression
  return expression.getText() === 'define' ? given[0]!.getText() : undefined
}

/** What `export function` declares, or `export const … = symbol(…)`. */
function exportedBy(statement: ts.Statement): string | undefined {
  if (!ts.isFunctionDeclaration(statement) && !ts.isVariableStatement(statement)) return
  const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  if (!isExported) return
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text
  const [{ name, initializer }] = statement.declarationList.declarations as unknown as [
    ts.VariableDeclaration,
  ]
  return initializer && /^symbol\(/.test(initializer.getText()) ? name.getText() : undefined
}

export function reading(args: readonly string[]): void {
  const measured = measureReading()
  if (flag(args, '--json')) {
    console.log(JSON.stringify(measured, null, 2))
    return
  }
  const { files, medianFile, largestFile, functions, medianFunction, longestFunction } = measured
  const extent = ({ name, lines }: Extent) => `${lines} (${name})`
  console.log(`${files} files: median ${medianFile} lines, largest ${extent(largestFile)}`)
  console.log(
    `${functions} functions: median ${medianFunction} lines, longest ${extent(longestFunction)}`,
  )
  const { operations, written, unsaid } = measured
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  console.log(
    `${operations} operations: ${percent(written.documents)} cite a document, ` +
      `${percent(written.linux)} are Linux's own, ${percent(written.model)} are the model's own`,
  )
  if (unsaid.length > 0) console.log(`${unsaid.length} do not say where they are written:`)
  for (const name of unsaid) console.log(`  ${name}`)
}
