/**
 * Structs whose death bites: once one is dead, any access to a field of it throws, where it is made.
 *
 * A class is written and compiled for each kind, with the accessors of its fields: their texts are unlike
 * those of any other kind, so that each has feedback of its own.
 */
import { Oops } from './errors'
import { isExploring, isRecording, reads, writes } from './footprint'
import { accessed, isWatching } from './happens-before'
import { idKey, kindKey, perRun } from './ids'
import { currentThread } from './run'

/** Marks a dead struct; read by every accessor of its fields. */
const deadKey = Symbol('dead')
/** The struct's name in footprints. */
const ownKey = Symbol('key')
/** The struct that an embedded one is part of. */
const parentKey = Symbol('parent')
const fieldsKey = Symbol('fields')
/** The names of its fields in footprints: made once, so that each is hashed once. */
const placesKey = Symbol('places')

type Fields = Record<string, unknown>

interface Struct {
  [deadKey]: boolean
  /** Who allocated it, and as which of his; empty unless somebody wants to know. */
  readonly [ownKey]: string
  [parentKey]: object | null
  readonly [fieldsKey]: Fields
  [placesKey]: Record<string, string> | null
}

type Class = new (fields: Fields, own: string) => Struct

/**
 * Declares a struct: `kind` names it in events, `fields` gives a fresh set of fields. Structs among these
 * are embedded: they die with it. `name` stays readable for labels.
 */
export function struct<T extends object>(kind: string, fields: () => T): (init?: Partial<T>) => T {
  kinds.add(kind)
  let made: { Class: Class; embedded: readonly Embedded[] } | null = null
  return (init) => {
    const own = fields() as Fields
    made ??= {
      Class: classOf(kind, Object.keys(own)),
      embedded: embeddedIn(own),
    }
    if (init !== undefined) Object.assign(own, init)
    const allocated = new made.Class(own, isExploring() ? `${kind} ${allocation()}` : '')
    for (const { key, as } of made.embedded) {
      if (init !== undefined && key in init) continue
      const part = own[key] as Struct
      part[parentKey] = allocated
      ;(allocated as unknown as Fields)[as] = part
    }
    return allocated as T
  }
}

const kinds = new Set<string>()

/** Whether an object may be taken for this kind: structs only for what they are. */
export function isOfKind(object: object, kind: string): boolean {
  return !kinds.has(kind) || (object as { [kindKey]?: string })[kindKey] === kind
}

/** A field that holds a struct, and under which name that is part of the whole. */
interface Embedded {
  readonly key: string
  readonly as: string
}

function embeddedIn(fields: Fields): Embedded[] {
  const keys = Object.keys(fields).filter((key) => isStruct(fields[key]))
  return keys.map((key) => ({ key, as: `&${key}` }))
}

function classOf(kind: string, names: readonly string[]): Class {
  const accessors = names.map((name) => {
    const field = `this[fieldsKey][${JSON.stringify(name)}]`
    const key = JSON.stringify(name)
    if (name === 'name') return `get name() { return ${field} }`
    return `
    get [${key}]() {
      if (isRecording()) touched(this, ${key}, false)
      if (isWatching()) accessed(this, ${key}, false, () => synchronises(${key}))
      if (this[deadKey]) refuse('read', ${key})
      return ${field}
    }
    set [${key}](value) {
      if (isRecording()) touched(this, ${key}, true)
      if (isWatching()) accessed(this, ${key}, true, () => synchronises(${key}))
      if (this[deadKey]) refuse('write', ${key})
      ${field} = value
    }`
  })
  const text = `return class ${kind.replace(/\W/g, '_')} {
    constructor(fields, own) {
      this[deadKey] = false
      this[parentKey] = null
      this[idKey] = undefined
      this[ownKey] = own
      this[fieldsKey] = fields
      this[placesKey] = null
    }
    ${accessors.join('\n')}
  }`
  const refuse = (what: string, key: string): never => {
    throw new Oops(`use after free: ${what} of ${kind}.${key}`)
  }
  const keys = { deadKey, parentKey, idKey, ownKey, fieldsKey, placesKey }
  const synchronises = (field: string) => atomics.has(kind) || atomics.has(`${kind}.${field}`)
  const known = { ...keys, isRecording, isWatching, touched, accessed, synchronises, refuse }
  const made = new Function(...Object.keys(known), text)(...Object.values(known)) as Class
  Object.defineProperty(made.prototype, kindKey, { value: kind })
  return made
}

/** Fields that several tasks use at once by design, by `kind` or `kind.field`. */
const atomics = new Set<string>()

/** Fields of a struct, or all of them, are atomic: each access is one step, and orders what is around. */
export function atomicFields(kind: string, ...fields: readonly string[]): void {
  if (fields.length === 0) atomics.add(kind)
  for (const field of fields) atomics.add(`${kind}.${field}`)
}

/** Who reads a list or a map may be about to change it. */
function touched(struct: Struct, key: string, written: boolean): void {
  const value = struct[fieldsKey][key]
  const isCollection = typeof value === 'object' && value !== null && !isStruct(value)
  reads(struct[ownKey])
  const places = (struct[placesKey] ??= {})
  const place = (places[key] ??= `${struct[ownKey]}.${key}`)
  if (written || isCollection) writes(place)
  else reads(place)
}

/** Names the next struct that the current task allocates: the same whatever the others do meanwhile. */
function allocation(): string {
  const task = currentThread()?.id ?? -1
  const count = (allocations().get(task) ?? 0) + 1
  allocations().set(task, count)
  return `${task}.${count}`
}
const allocations = perRun(() => new Map<number, number>())

export function isStruct(value: unknown): value is object {
  return typeof value === 'object' && value !== null && deadKey in value
}

/** The struct that `embedded` is part of, or null; no field is read. */
export function parentOf(embedded: object): object | null {
  return (embedded as Struct)[parentKey] ?? null
}

/** A struct dies, and with it those that are embedded in it. */
export function bury(object: object): void {
  const struct = object as Struct
  writes(struct[ownKey])
  if (struct[deadKey]) throw new Oops('double free')
  struct[deadKey] = true
  for (const value of Object.values(struct))
    if (isStruct(value) && parentOf(value) === struct) bury(value)
}
