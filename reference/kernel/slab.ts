/**
 * Kernel memory whose freeing bites: any access to a freed object is a use-after-free, at the line
 * that makes it.
 *
 * Left out: sizes, failure of allocation, and reclaim from inside an allocation.
 */
import { Oops } from '../../engine/errors'
import { isExploring, isRecording, reads, writes } from '../../engine/footprint'
import { kindKey, perRun } from '../../engine/ids'
import { currentThread } from '../../engine/run'
import { define } from '../../engine/symbol'
import { point } from '../../engine/task'
import { kfree, kmalloc } from '../../spec/headers/mm'

export { GFP_KERNEL } from '../../spec/headers/gfp'

/** Marks a freed struct; read by every accessor of its fields. */
const deadKey = Symbol('dead')
/** The object's name in footprints. */
const ownKey = Symbol('key')
/** The object an embedded struct is part of. */
const parentKey = Symbol('parent')

interface Struct {
  [deadKey]: boolean
  readonly [ownKey]: string
  [parentKey]?: object
}

/**
 * Declares a kernel struct: `kind` names it in events, `fields` gives a fresh set of fields. Structs
 * among these are embedded: they die with it. `name` stays readable for labels.
 */
export function struct<T extends object>(kind: string, fields: () => T): (init?: Partial<T>) => T {
  class Allocated {
    [deadKey] = false
    /** Its name in footprints: who allocated it, and as which of his objects. */
    readonly [ownKey]: string
    private readonly fields: Record<string, unknown>
    /** The names of its fields in footprints: a name is hashed once. */
    private places: Record<string, string> | null = null
    constructor(init: Partial<T>) {
      this.fields = { ...fields(), ...init }
      this[ownKey] = isExploring() ? `${kind} ${allocation()}` : ''
      for (const [key, value] of Object.entries(this.fields)) {
        if (key === 'name') Object.defineProperty(this, key, { value })
        if (isStruct(value) && !(key in init)) {
          Object.defineProperty(value, parentKey, { value: this })
          Object.defineProperty(this, `&${key}`, { value, enumerable: true })
        }
      }
    }
    /** Who reads a list or a map may be about to change it. */
    touched(key: string, written: boolean): void {
      const value = this.fields[key]
      const isCollection = typeof value === 'object' && value !== null && !isStruct(value)
      reads(this[ownKey])
      const places = (this.places ??= {})
      const place = (places[key] ??= `${this[ownKey]}.${key}`)
      if (written || isCollection) writes(place)
      else reads(place)
    }
    static guard(key: string): void {
      Object.defineProperty(Allocated.prototype, key, {
        get(this: Allocated) {
          if (isRecording()) this.touched(key, false)
          if (this[deadKey]) throw new Oops(`use after free: read of ${kind}.${key}`)
          return this.fields[key]
        },
        set(this: Allocated, value: unknown) {
          if (isRecording()) this.touched(key, true)
          if (this[deadKey]) throw new Oops(`use after free: write of ${kind}.${key}`)
          this.fields[key] = value
        },
      })
    }
  }
  Object.defineProperty(Allocated.prototype, kindKey, { value: kind })
  let guarded = false
  return (init = {}) => {
    if (!guarded) for (const key of Object.keys(fields())) if (key !== 'name') Allocated.guard(key)
    guarded = true
    return new Allocated(init) as unknown as T
  }
}

/** Names the next object that the current task allocates: the same whatever the others do meanwhile. */
function allocation(): string {
  const task = currentThread()?.id ?? -1
  const count = (allocations().get(task) ?? 0) + 1
  allocations().set(task, count)
  return `${task}.${count}`
}
const allocations = perRun(() => new Map<number, number>())

function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && deadKey in value
}

/** The struct that `embedded` is part of; no memory is read. */
export function container_of<T extends object>(embedded: object): T {
  const parent = (embedded as Struct)[parentKey]
  if (!parent) throw new Oops('container_of an object that is embedded in nothing')
  return parent as T
}

/** Objects that are allocated and not freed. */
export const liveObjects = perRun(() => new Set<object>())

/** Addresses are stable and do not follow the order of allocation. */
const addresses = perRun(() => ({ given: new WeakMap<object, number>(), next: 0 }))
const addressStride = 7919
const addressSpace = 16384

export function addressOf(object: object): number {
  const { given } = addresses()
  let address = given.get(object)
  if (address === undefined) {
    writes('addresses')
    address = ((addresses().next++ + 1) * addressStride) % addressSpace
    given.set(object, address)
  }
  return address
}

define(kmalloc, function* (object) {
  liveObjects().add(object)
})

define(kfree, function* (object) {
  yield* point('kfree', (object as { name?: string }).name ?? '')
  if (isStruct(object)) bury(object)
  else poison(object)
  liveObjects().delete(object)
})

function bury(object: Struct): void {
  writes(object[ownKey])
  if (object[deadKey]) throw new Oops('double free')
  object[deadKey] = true
  for (const value of Object.values(object))
    if (isStruct(value) && value[parentKey] === object) bury(value)
}

/** A pattern that means "in use by nobody": any access through it is a bug (000:999). */
export const POISON_INUSE = new Proxy(
  {},
  {
    get: () => {
      throw new Oops('use of poisoned memory')
    },
    set: () => {
      throw new Oops('use of poisoned memory')
    },
  },
) as never

const freed = new Proxy(
  {},
  {
    get(_target, key) {
      if (typeof key === 'symbol') return undefined
      throw new Oops(`use after free: read of ${key}`)
    },
    set(_target, key) {
      throw new Oops(`use after free: write of ${String(key)}`)
    },
  },
)

/** An object that an implementation made itself loses its fields and keeps its identity. */
function poison(object: object): void {
  if (Object.getPrototypeOf(object) === freed) throw new Oops('double free')
  for (const key of Object.keys(object)) delete (object as Record<string, unknown>)[key]
  Object.setPrototypeOf(object, freed)
}
