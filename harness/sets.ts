/** Whole subsystems by name: the symbols that an implementation of one replaces. */
import { UsageError } from '../engine/errors'
import type { AnySymbol } from '../engine/symbol'
import * as hmm from '../spec/headers/hmm'
import * as notifierCore from '../spec/headers/mmu_notifier'

export const setNames = ['hmm', 'notifier-core'] as const
export type SetName = (typeof setNames)[number]

const headers: Readonly<Record<SetName, object>> = { hmm, 'notifier-core': notifierCore }

/** The symbols of a set by name; callbacks belong to whoever fills a table of them in. */
export function symbolsOf(set: SetName): ReadonlyMap<string, AnySymbol> {
  const symbols = Object.values(headers[set]).filter(isSymbol)
  return new Map(
    symbols.map((symbol) => [symbol.slot.name, symbol] as const).filter(([name]) => !isOp(name)),
  )
}

/** What a list of sets and single symbols of theirs stands for. */
export function symbolsNamed(names: readonly string[]): AnySymbol[] {
  const chosen = new Set<AnySymbol>()
  for (const name of names)
    for (const symbol of setNames.includes(name as SetName)
      ? symbolsOf(name as SetName).values()
      : [symbolNamed(name)])
      chosen.add(symbol)
  return [...chosen]
}

function symbolNamed(name: string): AnySymbol {
  for (const set of setNames) {
    const symbol = symbolsOf(set).get(name)
    if (symbol) return symbol
  }
  throw new UsageError(
    `"${name}" can not be implemented: it is none of the sets ${setNames.join(', ')}, and no symbol of theirs`,
  )
}

/** Sets of which an implementation replaces something. */
export function setsOf(symbols: readonly AnySymbol[]): SetName[] {
  const names = symbols.map(({ slot }) => slot.name)
  return setNames.filter((set) => names.some((name) => symbolsOf(set).has(name)))
}

/** A callback: `struct.member`. */
export const isOp = (name: string): boolean => name.includes('.')

function isSymbol(value: unknown): value is AnySymbol {
  return typeof value === 'function' && 'slot' in value
}

/** What a notifier core calls that serves interval notifiers: kernels until 5.4 have none. */
const intervalServices: readonly string[] = [
  'mn_itree_invalidate',
  'mn_itree_inv_end',
  'mn_itree_release',
]

/** Whether interval notifiers are told of passes, as far as is known. */
export const servesIntervals = (hides: readonly string[]): boolean =>
  !intervalServices.some((name) => hides.includes(name))

/** What the reference of a set calls on its own account, and an implementation may do without or keep to itself. */
const primitives: Readonly<Record<SetName, readonly string[]>> = {
  hmm: [
    ...['spin_lock', 'spin_unlock', 'down_read', 'down_read_trylock', 'up_read', 'down_write'],
    ...['up_write', 'kref_get', 'kref_get_unless_zero', 'kref_put', 'list_add_tail', 'list_del'],
    ...['wait_event_timeout', 'wake_up_all', 'kmalloc', 'kfree', '__warn', 'conflicting_access'],
  ],
  'notifier-core': [
    ...['spin_lock', 'spin_unlock', 'srcu_read_lock', 'srcu_read_unlock', 'synchronize_srcu'],
    ...['call_srcu', 'non_block_start', 'non_block_end', 'lock_map_acquire', 'lock_map_release'],
    ...['down_write_nest_lock', 'kmalloc', 'kfree', 'printk', '__warn', 'conflicting_access'],
    ...intervalServices,
  ],
}

/** Symbols whose calls are not seen: of the sets that are replaced, what is not shown. `*` shows all. */
export function hiddenBy(sets: readonly SetName[], shows: readonly string[]): string[] {
  if (shows.includes('*')) return []
  const all = new Set(sets.flatMap((set) => primitives[set]))
  const unknown = shows.find((name) => !all.has(name))
  if (unknown !== undefined)
    throw new UsageError(
      `"${unknown}" need not be shown: of ${sets.join(' and ')} these are ${[...all].join(', ')}, or "*" for all`,
    )
  return [...all].filter((name) => !shows.includes(name))
}
