/** A run told in columns: which events to show of the thousands, and how to say each. */
import { isEqual, map, pickBy, sortBy, uniq } from 'lodash'
import { optionTask } from '../engine/choice'
import { drawColumns, type Line } from '../engine/columns'
import type { Event } from '../engine/events'
import type { Execution } from '../engine/run'
import { declaredSymbols } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'
import { heardSymbol } from '../spec/events'

/** What hardware and the allocator do is always worth a line. */
const effects: ReadonlySet<string> = new Set([
  'ptep_clear_flush',
  'set_pte_at',
  '__free_page',
  'device_pte_set',
  'device_pte_clear',
  'device_access',
  'kfree',
  'oops',
])

/** What an invalidation and a device fault consist of, to those who know them. */
const backbone: ReadonlySet<string> = new Set([
  'hmm_range_fault',
  'hmm_range_snapshot',
  'hmm_range_valid',
  '__mmu_notifier_invalidate_range_start',
  '__mmu_notifier_invalidate_range_end',
])

/** Lines of a short telling, headings not counted. */
export const storyLinesMax = 15

export interface StoryOptions {
  /** Most lines, headings not counted. */
  readonly linesMax: number
  /** Stops at this event. */
  readonly until: number
  /** Numbers of steps, from 1, that are shown in any case, with their number in the margin. */
  readonly numbered?: readonly number[]
}

/** What stands for a task in events from before any began. */
const boot = -1

/** Draws a run so that the contract's objection can be followed. */
export function tell(
  execution: Execution,
  contract: Contract | null,
  options: StoryOptions,
): string[] {
  const events = execution.events.slice(0, options.until + 1)
  const numbered = options.numbered ?? []
  const aboutToAct = numbered.map((number) => optionTask(execution.steps[number - 1]!.option))
  const acting = sortBy(uniq([...actorsOf(events), ...aboutToAct]))
  // Unless a task did anything, it was over before they began.
  const columns = acting.length > 0 ? acting : [boot]
  const headings = columns.map((task) => columnName(execution.tasks[task] ?? 'boot'))
  const drawn = (shown: ReadonlySet<string>) =>
    withNumbers(linesOf(events, shown, columns), numbered, execution, columns)
  const shown = mostThatFits(contract, (symbols) => drawn(symbols).length <= options.linesMax)
  return drawColumns(headings, drawn(shown).slice(-options.linesMax))
}

/** Symbols by how much they say. */
export interface Levels {
  /** Those of a short telling. */
  readonly story: ReadonlySet<string>
  /** Those that matter to the contract. */
  readonly known: ReadonlySet<string>
}

export function levelsOf(events: readonly Event[], contract: Contract | null): Levels {
  const columns = actorsOf(events)
  const fits = (symbols: ReadonlySet<string>) =>
    linesOf(events, symbols, columns).length <= storyLinesMax
  const [most, some] = detailLevels(contract)
  return { story: mostThatFits(contract, fits), known: contract ? most! : some! }
}

function mostThatFits(
  contract: Contract | null,
  fits: (symbols: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  const levels = detailLevels(contract)
  return levels.find(fits) ?? levels.at(-1)!
}

/** Sets of symbols to show, from the most detailed that may fit to the least. */
function detailLevels(contract: Contract | null): ReadonlySet<string>[] {
  if (!contract)
    return [
      new Set(declaredSymbols().map(({ name }) => name)),
      new Set([...apiSymbols(), ...effects]),
      new Set(['operation']),
    ]
  const own = new Set(Object.keys(contract.on).map((name) => heardSymbol(name).symbol))
  const known = judgeOf([contract]).listens
  const always = ['operation', 'oops']
  const acts = [...own].filter((name) => !isLocking(name))
  return [
    new Set([...always, ...own, ...known, ...effects, ...backbone]),
    new Set([...always, ...own, ...effects, ...backbone]),
    new Set([...always, ...own, ...effects]),
    new Set([...always, ...own]),
    new Set([...always, ...acts, ...effects]),
    new Set([...always, ...acts]),
    new Set([...always, ...effects]),
    new Set(always),
  ]
}

/** Locks are taken and given back more often than anything else happens. */
const isLocking = (symbol: string): boolean => /lock|^(down|up)_/.test(symbol)

/** Everything that is not a lock, a count or another primitive. */
function apiSymbols(): string[] {
  return declaredSymbols()
    .map(({ name }) => name)
    .filter((name) =>
      /^(hmm_|mmu_notifier_|__mmu_notifier_inv|vm_|try_|oom_|exit_|operation)/.test(name),
    )
}

/** The tasks that did anything in some events. */
export function actorsOf(events: readonly Event[]): number[] {
  return uniq(events.map(({ task }) => task)).filter((task) => task >= 0)
}

export interface Told extends Line {
  /** Index of the step in which it happened. */
  readonly step: number
  /** The event that a return may join; -1 for none. */
  readonly entry: number
}

/** One line an event of those who have a column; a return joins its entry where nothing was said in between. */
export function linesOf(
  events: readonly Event[],
  shown: ReadonlySet<string>,
  columns: readonly number[],
): Told[] {
  const lines: Told[] = []
  for (const event of events) {
    const column = columns.indexOf(event.task)
    if (!shown.has(event.symbol) || column < 0 || isBookkeeping(event)) continue
    const last = lines.at(-1)
    const { step } = event
    if (event.phase === 'call') lines.push({ column, text: say(event), step, entry: event.at })
    else if (event.result !== undefined) {
      if (last && last.entry === event.entry && last.column === column)
        lines[lines.length - 1] = { ...last, text: `${last.text} -> ${event.result}` }
      else {
        const text = `${shortName(event.symbol)} -> ${event.result}`
        lines.push({ column, text, step, entry: -1 })
      }
    }
  }
  return lines
}

/** Numbers the first line of some steps; one that has none gets a line that says what it was about to do. */
function withNumbers(
  lines: readonly Told[],
  numbered: readonly number[],
  { steps }: Execution,
  columns: readonly number[],
): Line[] {
  const marked: Told[] = [...lines]
  for (const number of numbered) {
    const step = number - 1
    const { option, label } = steps[step]!
    const column = columns.indexOf(optionTask(option))
    const first = marked.findIndex((line) => line.step === step && line.column === column)
    const behind = marked.findIndex((line) => line.step > step)
    const mark = String(number)
    if (first >= 0) marked[first] = { ...marked[first]!, mark }
    else
      marked.splice(behind < 0 ? marked.length : behind, 0, {
        ...{ column, text: label, mark, step, entry: -1 },
      })
  }
  return marked
}

/** The operation's own entry repeats the heading. */
function isBookkeeping(event: Event): boolean {
  return event.symbol === 'operation' && event.phase === 'return'
}

/** Bookkeeping, and ids that the name or the interval says better. */
const notShown = [
  'at',
  'step',
  'task',
  'symbol',
  'phase',
  'entry',
  'result',
  'stack',
  'embeds',
  'blockable',
  'block',
  'mm',
  'device',
  'mn',
  'gfp',
]

/** An entry in words: the symbol, and the ids it shows. */
export function say(event: Event): string {
  const { symbol } = event
  if (symbol === 'operation') return `> ${String(event.text)}`
  if (symbol === 'oops') return `oops: ${String(event.message)}`
  const ids = pickBy(event, (value, key) => !notShown.includes(key) && value !== undefined)
  const { start, end, name, lock, ...others } = ids as Record<string, unknown>
  const words = [name ?? lock, ...map(others, (value, key) => fact(key, value) ?? word(value))]
  if (start !== undefined)
    words.splice(name === undefined ? 0 : 1, 0, `[${word(start)}, ${word(end)})`)
  return [shortName(symbol), ...words].filter((text) => text !== undefined && text !== '').join(' ')
}

/** What holds or not is said by its name, where it holds; what is no such fact, not here. */
function fact(key: string, value: unknown): string | undefined {
  if (typeof value !== 'boolean') return undefined
  if (key === 'write') return value ? 'rw' : 'ro'
  return value ? key.replace(/_/g, ' ') : ''
}

function word(value: unknown): string {
  return isEqual(value, Number.MAX_SAFE_INTEGER) ? 'all' : String(value)
}

/** Ops are told without their table, and the core's own functions without underscores. */
export function shortName(symbol: string): string {
  const bare = symbol.includes('.') ? `->${symbol.slice(symbol.indexOf('.') + 1)}` : symbol
  return bare.replace(/^__mmu_notifier_/, '').replace(/^__/, '')
}

/** `cpu0` is CPU 0 to a reader. */
export function columnName(task: string): string {
  return task.replace(/^cpu(\d+)$/, 'CPU $1')
}
