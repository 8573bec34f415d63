/**
 * What a program asks of the kernel that is no call of a symbol: its fields, its memory, and places where
 * somebody else may run.
 */
import { Gone } from '../../engine/errors'
import { unwatched } from '../../engine/happens-before'
import { kindKey } from '../../engine/ids'
import { isOfKind, isStruct } from '../../engine/struct'
import { nothing } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import { READ_ONCE, WRITE_ONCE } from '../../reference/kernel/access'
import { kref_struct } from '../../reference/kernel/kref'
import { mutex_struct } from '../../reference/kernel/mutex'
import { rwsem } from '../../reference/kernel/rwsem'
import { POISON_INUSE, addressOf, container_of, should_failslab } from '../../reference/kernel/slab'
import { spinlock } from '../../reference/kernel/spinlock'
import { wait_queue } from '../../reference/kernel/wait'
import { hmm_struct } from '../../reference/mm/hmm'
import { hmm_range_struct } from '../../reference/mm/hmm_range'
import { mmu_notifier_mm_alloc } from '../../reference/mm/mm_types'
import { mmu_notifier_struct } from '../../reference/mm/mmu_notifier'
import { read_pte } from '../../reference/mm/pgtable'
import { mmu_notifier_ops } from '../../spec/headers/mmu_notifier'
import { hmm_mirror_ops } from '../../spec/headers/hmm'
import type { mm_struct } from '../../spec/headers/types'
import { kernel } from './kernel'
import type { Wire } from './messages'
import type { FunctionOf, Objects } from './values'

/** A program that asks, and what it was given. */
export interface Asking {
  readonly objects: Objects
  readonly functionOf: FunctionOf
}

type Service = (asking: Asking, args: readonly Wire[]) => Wire

/** Memory that a program may ask for: the structs of the headers. It is not allocated before `kmalloc`. */
const structs: Readonly<Record<string, (init: never) => object>> = {
  hmm: hmm_struct,
  range: hmm_range_struct,
  mn: mmu_notifier_struct,
  mmu_notifier_mm: mmu_notifier_mm_alloc,
  spinlock,
  mutex: mutex_struct,
  rwsem,
  wq: wait_queue,
  kref: kref_struct,
}

/** Tables of callbacks that a program may fill in. */
const tables: Readonly<Record<string, (functions: never) => object>> = {
  mmu_notifier_ops,
  hmm_mirror_ops,
}

/** Those that are one step. */
export const services: Readonly<Record<string, Service>> = {
  read: ({ objects }, [object, field]) => read(objects, fieldOf(objects, object, field)),
  READ_ONCE: ({ objects }, [object, field]) =>
    READ_ONCE(() => read(objects, fieldOf(objects, object, field))),
  write: (asking, [object, field, value]) =>
    write(asking, fieldOf(asking.objects, object, field), value!),
  WRITE_ONCE(asking, [object, field, value]) {
    WRITE_ONCE(() => void write(asking, fieldOf(asking.objects, object, field), value!))
    return null
  },
  /** The entries of a list, in order. */
  items: ({ objects }, [list]) => listOf(objects, list).map((item) => objects.toWire(item)),
  alloc: ({ objects }, [kind, init]) => alloc(objects, kind, init),
  container_of: ({ objects }, [part]) => objects.toWire(container_of(objectOf(objects, part))),
  address_of: ({ objects }, [object]) => addressOf(objectOf(objects, object)),
  should_failslab: () => should_failslab(),
  /** Calls a function that the program was given. */
  invoke: ({ objects }, [fn, ...args]) => invoke(objects, fn, args),
}

type Interruptible = (asking: Asking, args: readonly Wire[]) => AtomicTask<Wire>

/** Those before which somebody else may run. */
export const interruptible: Readonly<Record<string, Interruptible>> = {
  /** Nothing else: the text says what is about to happen, and to what, which others may be about to touch. */
  *point({ objects }, [text, subject = null]) {
    yield* point(textOf(text), objects.fromWire(subject) ?? undefined)
    return null
  },
  /** The CPU's entry of a page, as its number and whether it may be written; null where there is none. */
  *read_pte({ objects }, [mm, addr]) {
    const pte = yield* read_pte(objectOf(objects, mm) as mm_struct, numberOf(addr))
    return pte && [pte.pfn, pte.write ? 1 : 0]
  },
}

// ---- fields -------------------------------------------------------------------------------------------------

interface Field {
  readonly object: Record<string, unknown>
  readonly name: string
}

function fieldOf(objects: Objects, handle: Wire | undefined, name: Wire | undefined): Field {
  const object = objectOf(objects, handle) as Record<string, unknown>
  const field = { object, name: textOf(name) }
  // The names of a freed struct's fields are still known; poison has none, and says so itself.
  if (handle === 'POISON_INUSE' || (field.name in object && !(field.name in Object.prototype)))
    return field
  throw new Gone('protocol', `${String(handle)} has no field ${field.name}`)
}

function read(objects: Objects, { object, name }: Field): Wire {
  const value = object[name]
  if (name === 'ops' && value) return { has: opsIn(value), table: objects.handleOf(value, 'ops') }
  if (object === (objects.kernel as unknown)) return objects.toWire(value, kindOfGlobal[name])
  return objects.toWire(value, Array.isArray(value) ? 'list' : 'object')
}

/** What the kernel has one of. */
const kindOfGlobal: Readonly<Record<string, string>> = {
  mmu_notifier_srcu: 'srcu',
  __mmu_notifier_invalidate_range_start_map: 'map',
}

function opsIn(table: object): string[] {
  return Object.entries(table).flatMap(([op, fn]) => (fn === null ? [] : [op]))
}

/** A value takes the place of one of its own type: the kernel's own code will use it. */
function write({ objects, functionOf }: Asking, { object, name }: Field, wire: Wire): Wire {
  const value = isTable(wire)
    ? tableOf(functionOf, wire)
    : objects.fromWire(wire, (fn) => functionOf(fn, { task: true, result: nothing }))
  // Looking what is there is no access of the program.
  const before = unwatched(() => object[name])
  if (typeOf(value) !== typeOf(before) || !isLike(value, before))
    throw new Gone(
      'protocol',
      `it stores ${JSON.stringify(wire)} in ${name}, which holds a ${typeOf(before)}`,
    )
  object[name] = value
  return null
}

/** A struct takes the place of one of its own kind. */
function isLike(value: unknown, before: unknown): boolean {
  if (!isStruct(before) || value === null || value === POISON_INUSE) return true
  return isOfKind(value as object, (before as { [kindKey]?: string })[kindKey]!)
}

/** Anything may be null or a function where the other may be. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  return typeof value === 'function' ? 'object' : typeof value
}

const isTable = (wire: Wire): wire is { ops: string; functions: Record<string, string> } =>
  typeof wire === 'object' && wire !== null && 'functions' in wire

function tableOf(
  functionOf: FunctionOf,
  { ops, functions }: { ops: string; functions: Readonly<Record<string, string>> },
): object {
  const fill = tables[ops]
  if (!fill) throw new Gone('protocol', `there is no table of callbacks ${ops}`)
  const filled = Object.entries(functions).map(([op, name]) => {
    const called = kernel.get(`${ops}.${op}`)
    if (!called) throw new Gone('protocol', `${ops} has no callback ${op}`)
    return [op, functionOf(name, called)]
  })
  return fill(Object.fromEntries(filled) as never)
}

// ---- objects ------------------------------------------------------------------------------------------------

function alloc(objects: Objects, kind: Wire | undefined, init: Wire | undefined): Wire {
  const name = textOf(kind)
  const make = Object.hasOwn(structs, name) ? structs[name] : undefined
  if (!make)
    throw new Gone(
      'protocol',
      `there is no struct ${name} to allocate; there are ${Object.keys(structs).join(', ')}`,
    )
  return objects.handleOf(make((init ? objects.fromWire(init) : {}) as never), name)
}

function objectOf(objects: Objects, wire: Wire | undefined): object {
  const object = wire === undefined ? null : objects.fromWire(wire)
  if (typeof object === 'object' && object !== null) return object
  throw new Gone('protocol', `it names ${JSON.stringify(wire)} where an object is expected`)
}

/** What may be interleaved is no step: only symbols are. */
function invoke(objects: Objects, wire: Wire | undefined, args: readonly Wire[]): Wire {
  const fn = typeof wire === 'string' ? (objects.fromWire(wire) as unknown) : null
  if (typeof fn !== 'function') throw new Gone('protocol', `${JSON.stringify(wire)} is no function`)
  const value = fn(...args.map((arg) => objects.fromWire(arg))) as unknown
  if (typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value)
    throw new Gone('protocol', `${JSON.stringify(wire)} may be interleaved: it cannot be invoked`)
  return objects.toWire(value)
}

function listOf(objects: Objects, wire: Wire | undefined): readonly unknown[] {
  const list = objectOf(objects, wire)
  if (Array.isArray(list)) return list
  throw new Gone('protocol', `${JSON.stringify(wire)} is no list`)
}

function numberOf(wire: Wire | undefined): number {
  if (typeof wire === 'number') return wire
  throw new Gone('protocol', `it sent ${JSON.stringify(wire)} where a number is expected`)
}

function textOf(wire: Wire | undefined): string {
  if (typeof wire === 'object' && wire !== null && 'text' in wire) return wire.text
  throw new Gone('protocol', `it sent ${JSON.stringify(wire)} where a text is expected`)
}
