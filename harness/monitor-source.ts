/**
 * The contracts once more, with switches in their source: each handler can be taken away, and each comparison
 * turned into its opposite, one at a time and without loading anything again.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import type { Contract, Fact } from '../spec/contract'

export interface Change {
  readonly kind: 'handler removed' | 'comparison inverted'
  readonly file: string
  readonly line: number
  readonly text: string
  /** Ids of the contracts that can notice it. */
  readonly contracts: readonly string[]
}

/** Contracts with switches, of which one at most is on. */
export interface Switched {
  readonly contracts: readonly Contract[]
  readonly changes: readonly Change[]
  /** Changes that came up since this was emptied, by their indices. */
  readonly reached: Set<number>
  /** Puts one change into effect, or none. */
  turnOn(change: number | null): void
}

/** How often one comparison may be made before the monitor counts as not coming to an end. */
const timesMax = 1_000_000
const root = join(__dirname, '..')
const spec = join(root, 'spec')
const registry = join(spec, 'registry.ts')
/** What declares and judges is not a monitor, and stays what it is. */
const untouched = /^(headers\/|(contract|events|judge|sources)\b)/
const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
])

interface Module {
  readonly exports: Record<string, unknown>
  /** The files that it loads, and those that they load. */
  readonly loads: Set<string>
  readonly text: string
}
type Monitor = Contract | Fact<any>
type Site = Omit<Change, 'contracts'> & { readonly owner?: Monitor }

/** Loads all contracts, or those of one file below spec/ and what they use. */
export function switchedContracts(entry = 'registry.ts'): Switched {
  const modules = new Map<string, Module>()
  const sites: Site[] = []
  const reached = new Set<number>()
  let on: number | null = null
  let times = 0
  const isOn = (site: number): boolean => {
    reached.add(site)
    if (site !== on) return false
    if (times++ > timesMax) throw new RangeError('a changed monitor does not come to an end')
    return true
  }
  load(join(spec, entry), modules, sites, isOn)
  const contracts: Contract[] = []
  const files = new Map<string, string>()
  for (const [file, { exports, text }] of modules)
    for (const monitor of Object.values(exports).filter(isMonitor)) {
      gateHandlers(monitor, { file, text }, sites, isOn)
      if (!('id' in monitor)) continue
      contracts.push(monitor)
      files.set(monitor.id, file)
    }
  const noticing = ({ file, owner }: Site): string[] =>
    contracts
      .filter((contract) =>
        owner
          ? owner === contract || factsBehind(contract).has(owner)
          : files.get(contract.id) === file ||
            modules.get(files.get(contract.id)!)!.loads.has(file),
      )
      .map(({ id }) => id)
  return {
    contracts,
    reached,
    changes: sites.map((site) => {
      const { kind, file, line, text } = site
      return { kind, file: relative(root, file), line, text, contracts: noticing(site) }
    }),
    turnOn(change) {
      on = change
      times = 0
    },
  }
}

/** Loads a file and those that it imports, each once. */
function load(
  file: string,
  modules: Map<string, Module>,
  sites: Site[],
  isOn: (site: number) => boolean,
): Module {
  const known = modules.get(file)
  if (known) return known
  const text = readFileSync(file, 'utf8')
  const loaded: Module = { exports: {}, loads: new Set(), text }
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
    transformers: { before: file === registry ? [] : [invertible(file, sites)] },
  })
  const requireFrom = (name: string): unknown => {
    if (!name.startsWith('.')) return require(name)
    const target = join(dirname(file), name)
    if (untouched.test(relative(spec, target)) || !target.startsWith(spec)) return require(target)
    const path = `${target}.ts`
    const { exports, loads } = load(path, modules, sites, isOn)
    for (const one of [path, ...loads]) loaded.loads.add(one)
    return exports
  }
  new Function('exports', 'require', 'isOn', outputText)(loaded.exports, requireFrom, isOn)
  modules.set(file, loaded)
  return loaded
}

/** Puts a switch into every comparison: `a < b` becomes `isOn(7) !== (a < b)`. */
function invertible(file: string, sites: Site[]): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context
    const visit = (node: ts.Node): ts.Node => {
      if (!ts.isBinaryExpression(node) || !comparisons.has(node.operatorToken.kind))
        return ts.visitEachChild(node, visit, context)
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      const text = node.getText(source).replace(/\s+/g, ' ')
      const site = sites.push({ kind: 'comparison inverted', file, line: line + 1, text }) - 1
      return factory.createParenthesizedExpression(
        factory.createBinaryExpression(
          factory.createCallExpression(factory.createIdentifier('isOn'), undefined, [
            factory.createNumericLiteral(site),
          ]),
          ts.SyntaxKind.ExclamationEqualsEqualsToken,
          factory.createParenthesizedExpression(
            ts.visitEachChild(node, visit, context) as ts.Expression,
          ),
        ),
      )
    }
    return ts.visitEachChild(source, visit, context)
  }
}

/** Puts a switch before every handler. */
function gateHandlers(
  monitor: Monitor,
  { file, text }: { readonly file: string; readonly text: string },
  sites: Site[],
  isOn: (site: number) => boolean,
): void {
  const own = 'id' in monitor ? monitor.id : `fact ${monitor.name}`
  const lines = text.replaceAll("'", '').split('\n')
  const handlers = monitor.on as Record<string, (...heard: unknown[]) => void>
  const gated = Object.entries(handlers).map(([name, handler]) => {
    const at = lineOf(name, lines)
    const what = { kind: 'handler removed', file, line: at, owner: monitor } as const
    const site = sites.push({ ...what, text: `${own}: ${name}` }) - 1
    return [name, (...heard: unknown[]) => (isOn(site) ? undefined : handler(...heard))]
  })
  ;(monitor as { on: unknown }).on = Object.fromEntries(gated)
}

/** Where a handler stands; one that comes from a helper stands where the handlers are put together. */
function lineOf(handler: string, lines: readonly string[]): number {
  const at = lines.findIndex((line) =>
    line.split(/[{,]/).some((part) => part.trim().startsWith(`${handler}:`)),
  )
  return 1 + (at >= 0 ? at : lines.findIndex((line) => /^\s*on\b/.test(line)))
}

function isMonitor(value: unknown): value is Monitor {
  return typeof value === 'object' && value !== null && 'on' in value && 'start' in value
}

/** The facts that a monitor uses, and those behind them. */
function factsBehind({ uses }: Contract | Fact<any>, known = new Set<unknown>()): Set<unknown> {
  for (const fact of Object.values(uses)) if (!known.has(fact)) factsBehind(fact, known.add(fact))
  return known
}
