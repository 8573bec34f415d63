/**
 * The kernel's memory as code of the reference sees it in a process of its own: an object is a proxy of its
 * handle, and every access to a field is an upcall. So nothing is copied, and nothing can be stale.
 */
import { EngineError } from '../../../engine/errors'
import type { Frame } from '../../../engine/observed-call'
import type { AnySymbol } from '../../../engine/symbol'
import type { Wire } from '../messages'
import { numberFromWire, numberToWire } from '../values'

export type Fn = (...args: any[]) => unknown

/** What the program asks of the kernel where others may run: handed up to whoever drives its threads. */
export class Ask {
  constructor(
    readonly symbol: string,
    readonly args: readonly unknown[],
  ) {}
}

/** A function of the kernel that may be interleaved. */
export function asking(symbol: string): Fn {
  return function* (...args): Generator<Ask, unknown> {
    return yield new Ask(symbol, args)
  }
}

/** Asks in one step. */
export type AskNow = (symbol: string, ...args: readonly Wire[]) => Wire

/** What there is one of, by its field of the kernel. */
export class Global {
  constructor(readonly field: string) {}
}

/** A table of callbacks that the kernel has. */
interface Table {
  readonly proxy: object
  /** What it is called, and its callbacks: known once a field that holds it was read. */
  known: { readonly name: string; readonly has: readonly string[] } | null
}

const poisonHandle = 'POISON_INUSE'

export class Memory {
  private readonly objects = new Map<string, object>()
  private readonly tables = new Map<string, Table>()
  private handles = new WeakMap<object, string>()
  /** Functions that were handed out, by name; those without a symbol belong to one run. */
  private readonly functions = new Map<string, Fn>()
  private readonly names = new WeakMap<object, string>()
  private nextName = 1
  private isMarked = false

  constructor(private readonly askNow: AskNow) {}

  /** A run begins: nothing of the one before is known any more. */
  forget(): void {
    this.objects.clear()
    this.tables.clear()
    this.handles = new WeakMap([[this.poison, poisonHandle]])
    this.functions.clear()
  }

  /** What is the same in every run: the pattern that nobody may look at. */
  readonly poison = this.object(poisonHandle)

  functionNamed(name: string): Fn | undefined {
    return this.functions.get(name)
  }

  /** Accesses in `access` are marked: READ_ONCE and WRITE_ONCE. */
  once<T>(access: () => T): T {
    const before = this.isMarked
    this.isMarked = true
    try {
      return access()
    } finally {
      this.isMarked = before
    }
  }

  // ---- out ---------------------------------------------------------------------------------------------------

  toWire(value: unknown): Wire {
    if (value === undefined || value === null) return null
    switch (typeof value) {
      case 'boolean':
        return value
      case 'number':
        return numberToWire(value)
      case 'string':
        return { text: value }
      case 'function':
        return this.handles.get(value) ?? { fn: this.nameOf(value as Fn) }
      case 'object':
        return this.handles.get(value) ?? this.ownToWire(value)
      default:
        throw new EngineError(`the served reference would have sent a ${typeof value}`)
    }
  }

  /** What was made here: a list, a table of callbacks, or a struct by value. */
  private ownToWire(value: object): Wire {
    if (value instanceof Global) return this.askNow('read', 'kernel', { text: value.field })
    if (Array.isArray(value)) return value.map((one) => this.toWire(one))
    const functions = Object.entries(value).filter(([, one]) => typeof one === 'function')
    if (functions.length > 0) return this.tableToWire(functions as [string, Fn][])
    const fields = Object.entries(value).map(([name, one]) => [name, this.toWire(one)])
    return { struct: Object.fromEntries(fields) as Record<string, Wire> }
  }

  /** The point before a callback is taken where it is called. */
  private tableToWire(functions: readonly [string, Fn][]): Wire {
    const frame = functions[0]![1]() as Frame
    const ops = frame.slot.name.split('.')[0]!
    const names = functions.map(([op, call]) => {
      const name = `${ops}.${op} ${this.nameOf(call)}`
      this.functions.set(name, (...args) => (call(...args) as Frame).body())
      return [op, name]
    })
    return { ops, functions: Object.fromEntries(names) as Record<string, string> }
  }

  private nameOf(fn: Fn): string {
    const { slot } = fn as unknown as Partial<AnySymbol>
    const known = slot?.name ?? this.names.get(fn)
    const name = known ?? `function ${this.nextName++}`
    if (known === undefined) this.names.set(fn, name)
    this.functions.set(name, fn)
    return name
  }

  // ---- in ----------------------------------------------------------------------------------------------------

  fromWire(wire: Wire): unknown {
    if (typeof wire === 'string') return numberFromWire(wire) ?? this.object(wire)
    if (typeof wire !== 'object' || wire === null) return wire
    if (Array.isArray(wire)) return wire.map((one: Wire) => this.fromWire(one))
    if ('text' in wire) return wire.text
    throw new EngineError(`the served reference was sent ${JSON.stringify(wire)}`)
  }

  /** The one proxy of a handle. */
  object(handle: string): object {
    const known = this.objects.get(handle)
    if (known) return known
    const object = this.proxyOf(handle)
    this.objects.set(handle, object)
    this.handles.set(object, handle)
    return object
  }

  private proxyOf(handle: string): object {
    if (handle.startsWith('ops:')) return this.table(handle).proxy
    if (handle.startsWith('function:'))
      return (...args: unknown[]) =>
        this.fromWire(this.askNow('invoke', handle, ...args.map((arg) => this.toWire(arg))))
    if (handle.startsWith('list:')) return this.listOf(handle)
    return new Proxy(
      {},
      {
        get: (_, field) => (typeof field === 'symbol' ? undefined : this.read(handle, field)),
        set: (_, field, value) => this.write(handle, String(field), value),
        has: (_, field) => typeof field === 'string',
      },
    )
  }

  /** Its entries are where they are: who walks it sees what others do meanwhile. */
  private listOf(handle: string): object {
    const length = (): number => this.read(handle, 'length') as number
    const isEntry = (field: string | symbol): field is string =>
      typeof field === 'string' && /^\d+$/.test(field)
    return new Proxy([], {
      get: (target, field) => {
        if (field === 'length') return length()
        if (!isEntry(field)) return Reflect.get(target, field) as unknown
        return Number(field) < length() ? this.read(handle, field) : undefined
      },
      has: (target, field) =>
        isEntry(field) ? Number(field) < length() : Reflect.has(target, field),
    })
  }

  private table(handle: string): Table {
    const known = this.tables.get(handle)
    if (known) return known
    const table: Table = { known: null, proxy: new Proxy({}, { get: (_, op) => opOf(table, op) }) }
    this.tables.set(handle, table)
    return table
  }

  private read(handle: string, field: string): unknown {
    const value = this.askNow(this.isMarked ? 'READ_ONCE' : 'read', handle, { text: field })
    if (typeof value !== 'object' || value === null || !('has' in value))
      return this.fromWire(value)
    const name = handle.startsWith('mirror:') ? 'hmm_mirror_ops' : 'mmu_notifier_ops'
    this.table(value.table).known = { name, has: value.has }
    return this.object(value.table)
  }

  private write(handle: string, field: string, value: unknown): true {
    this.askNow(this.isMarked ? 'WRITE_ONCE' : 'write', handle, { text: field }, this.toWire(value))
    return true
  }
}

/** A callback of a table, as the kernel calls it; null if it has none. */
function opOf({ known }: Table, op: string | symbol): Fn | null | undefined {
  if (typeof op === 'symbol') return undefined
  if (!known) throw new EngineError(`${op} of a table of callbacks that was never read`)
  if (!known.has.includes(op)) return null
  return asking(`${known.name}.${op}`)
}
