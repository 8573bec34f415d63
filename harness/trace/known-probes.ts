/**
 * Which line of a log is which event: the names under which probes of a kernel show the symbols of `spec/headers`.
 *
 * Functions of the core are known by name. Callbacks of drivers have names of their own, so they are told by what
 * their line shows: the notifier (`sub`) with a pass (`range`) is a start or an end, and so on.
 */
import { MMU_NOTIFIER_RANGE_BLOCKABLE } from '../../spec/headers/types'
import { numberOf, pageBehind, pageOf, type Arguments } from './line'

/** How the addresses of one life of an address space become ids. */
export interface Names {
  /** The mm of the life. */
  readonly mm: string
  /** The notifier at an address. */
  mn(address: string): string
  /** The interval notifier at an address. */
  interval(address: string): string
  /** The pass whose descriptor is at an address, as the running task knows it. */
  pass(address: string): string
}

export interface Probe {
  /** The symbol's name in events. */
  readonly symbol: string
  /** What a return shows of its result. */
  readonly result: 'int' | 'bool' | 'nothing'
  /** What the symbol's events show; null if the line does not tell it. */
  ids(args: Arguments, names: Names): object | null
  /** The op of a notifier that this is a call of. */
  readonly op?: string
}

const core: Readonly<Record<string, Probe | undefined>> = {
  __mmu_notifier_invalidate_range_start: {
    ...{ symbol: '__mmu_notifier_invalidate_range_start', result: 'int', ids: passOf },
  },
  __mmu_notifier_invalidate_range_end: {
    ...{ symbol: '__mmu_notifier_invalidate_range_end', result: 'nothing' },
    ids: (args, names) => {
      const pass = passOf(args, names)
      return pass && { ...pass, only_end: args('only_end') === '1' }
    },
  },
  __mmu_notifier_register: {
    ...{ symbol: '__mmu_notifier_register', result: 'int' },
    // Which ops it has turns out as they are called.
    ids: (args, names) => {
      const shown = notifierOf(args, names)
      return shown && { ...shown, ops: '' }
    },
  },
  mmu_notifier_register: { symbol: 'mmu_notifier_register', result: 'int', ids: notifierOf },
  mmu_notifier_unregister: {
    ...{ symbol: 'mmu_notifier_unregister', result: 'nothing', ids: notifierOf },
  },
  // Dropping the last user unlinks and does not wait: it took the place of unregister_no_release.
  mmu_notifier_put: {
    ...{ symbol: 'mmu_notifier_unregister_no_release', result: 'nothing' },
    ids: (args, names) => (args('users') === '1' ? notifierOf(args, names) : null),
  },
  mmu_notifier_unregister_no_release: {
    ...{ symbol: 'mmu_notifier_unregister_no_release', result: 'nothing', ids: notifierOf },
  },
  __mmu_notifier_release: { symbol: 'mmu_notifier_release', result: 'nothing', ids: mmOf },
  exit_mmap: { symbol: 'exit_mmap', result: 'nothing', ids: mmOf },
  __oom_reap_task_mm: { symbol: 'oom_reap_task_mm', result: 'bool', ids: mmOf },
  invalidate_range: { symbol: 'mmu_notifier_invalidate_range', result: 'nothing', ids: partOf },
  mmu_interval_notifier_insert: {
    ...{ symbol: 'mmu_interval_notifier_insert', result: 'int' },
    ids: (args, names) => {
      const { interval } = intervalOf(args, names) ?? {}
      return interval === undefined ? null : { interval, mm: names.mm, start: 0, end: 0 }
    },
  },
  mmu_interval_notifier_remove: {
    ...{ symbol: 'mmu_interval_notifier_remove', result: 'nothing' },
    ids: (args, names) => {
      const { interval } = intervalOf(args, names) ?? {}
      return interval === undefined ? null : { interval, mm: names.mm }
    },
  },
  mmu_interval_read_begin: { symbol: 'mmu_interval_read_begin', result: 'int', ids: intervalOf },
  mmu_interval_read_retry: {
    ...{ symbol: 'mmu_interval_read_retry', result: 'bool' },
    ids: (args, names) => withNumber(intervalOf(args, names), 'seq', args),
  },
  mmu_interval_set_seq: {
    ...{ symbol: 'mmu_interval_set_seq', result: 'nothing' },
    ids: (args, names) => withNumber(intervalOf(args, names), 'cur_seq', args),
  },
}

/** Other names of the same functions, with the type of what they print the same. */
const otherNames: Readonly<Record<string, string | undefined>> = {
  invalidate_range_start: '__mmu_notifier_invalidate_range_start',
  invalidate_range_end: '__mmu_notifier_invalidate_range_end',
  __mmu_notifier_invalidate_range: 'invalidate_range',
}

/** The callback of an interval notifier: it shows the sequence. */
const invalidate: Probe = {
  ...{ symbol: 'mmu_interval_notifier_ops.invalidate', result: 'bool' },
  ids: (args, names) => {
    const { interval } = intervalOf(args, names) ?? {}
    const told = passOf(args, names)
    if (interval === undefined || told === null) return null
    return withNumber({ interval, ...told }, 'cur_seq', args)
  },
}

const ops = {
  start: {
    ...{ symbol: 'mmu_notifier_ops.invalidate_range_start', result: 'int', ids: toldPassOf },
    op: 'invalidate_range_start',
  },
  end: {
    ...{ symbol: 'mmu_notifier_ops.invalidate_range_end', result: 'nothing', ids: toldPassOf },
    op: 'invalidate_range_end',
  },
  release: {
    ...{ symbol: 'mmu_notifier_ops.release', result: 'nothing', ids: notifierOf, op: 'release' },
  },
  invalidate_range: {
    ...{ symbol: 'mmu_notifier_ops.invalidate_range', result: 'nothing' },
    ids: toldPartOf,
    op: 'invalidate_range',
  },
} as const satisfies Record<string, Probe>

/** Tells probes by the names of their events; a name is decided when it first occurs. */
export function probesOf() {
  const decided = new Map<string, Probe | null>()
  return {
    find(event: string, args: Arguments): Probe | null {
      let probe = decided.get(event)
      if (probe === undefined) {
        probe = coreProbe(event) ?? callbackOf(event, args)
        decided.set(event, probe)
      }
      return probe
    },
    /** What an event was found to be, of which a return is seen. */
    known: (event: string): Probe | null => decided.get(event) ?? coreProbe(event),
  }
}

function coreProbe(event: string): Probe | null {
  return core[otherNames[event] ?? event] ?? null
}

/** The probe of this name, as far as a name alone tells. */
export function probeNamed(event: string): Probe | null {
  const known = coreProbe(event)
  if (known || isOfTheCore(event)) return known
  if (/invalidate_range_start$|_start$/.test(event)) return ops.start
  if (/invalidate_range_end$|_end$/.test(event)) return ops.end
  if (/_release$/.test(event)) return ops.release
  return /_inv(alidate)?_range$/.test(event) ? ops.invalidate_range : null
}

/** Symbols that lines can be events of. */
export const translatedSymbols: readonly string[] = [
  ...Object.values(core).map((probe) => probe!.symbol),
  ...Object.values(ops).map(({ symbol }) => symbol),
  invalidate.symbol,
]

function isOfTheCore(event: string): boolean {
  return /^(__)?mmu_(interval_)?notifier_|^mmu_interval_|^mn_(itree|hlist)_/.test(event)
}

/** A driver's callback, told by its arguments and by the end of its name. */
function callbackOf(event: string, args: Arguments): Probe | null {
  const [range, start] = [args('range'), args('start')]
  if (args('sub') === undefined || args('mm') === undefined) return null
  if (args('cur_seq') !== undefined) return range === undefined ? null : invalidate
  if (isOfTheCore(event)) return null
  if (range !== undefined && /start$/.test(event)) return ops.start
  if (range !== undefined && /end$/.test(event)) return ops.end
  if (range !== undefined || args('address') !== undefined) return null
  if (/release$/.test(event) && start === undefined) return ops.release
  return start !== undefined && /inv(alidate)?_range$/.test(event) ? ops.invalidate_range : null
}

// ---- what a line shows --------------------------------------------------------------------------------------

function mmOf(_args: Arguments, { mm }: Names): object {
  return { mm }
}

function notifierOf(args: Arguments, names: Names): { mn: string; mm: string } | null {
  const sub = args('sub')
  return isAddress(sub) ? { mn: names.mn(sub), mm: names.mm } : null
}

interface Part {
  readonly mm: string
  readonly start: number
  readonly end: number
}

function intervalOf(args: Arguments, names: Names): { interval: string } | null {
  const sub = args('sub')
  return isAddress(sub) ? { interval: names.interval(sub) } : null
}

function withNumber(ids: object | null, name: string, args: Arguments): object | null {
  const value = numberOf(args(name))
  return ids === null || value === null ? null : { ...ids, [name]: value }
}

function partOf(args: Arguments, { mm }: Names): Part | null {
  const start = pageOf(args('start'))
  const end = pageBehind(args('end'))
  return start === null || end === null ? null : { mm, start, end }
}

interface Pass extends Part {
  readonly pass: string
  readonly blockable: boolean
  readonly trial: boolean
}

function passOf(args: Arguments, names: Names): Pass | null {
  const flags = numberOf(args('flags'))
  const part = partOf(args, names)
  const range = args('range')
  if (part === null || flags === null || !isAddress(range)) return null
  const { mm, start, end } = part
  const blockable = (flags & MMU_NOTIFIER_RANGE_BLOCKABLE) !== 0
  return { pass: names.pass(range), mm, start, end, blockable, trial: false }
}

function toldPassOf(args: Arguments, names: Names): object | null {
  const sub = args('sub')
  const told = passOf(args, names)
  if (told === null || !isAddress(sub)) return null
  const { pass, mm, start, end, blockable, trial } = told
  return { mn: names.mn(sub), pass, mm, start, end, blockable, trial }
}

function toldPartOf(args: Arguments, names: Names): object | null {
  const sub = args('sub')
  const part = partOf(args, names)
  if (part === null || !isAddress(sub)) return null
  return { mn: names.mn(sub), mm: part.mm, start: part.start, end: part.end }
}

/** Whether an argument is the address of something. */
export function isAddress(text: string | undefined): text is string {
  return text !== undefined && /^0x[0-9a-f]*[1-9a-f][0-9a-f]*$/i.test(text)
}
