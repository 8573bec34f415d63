/**
 * Kernel memory whose freeing bites: any access to a freed object is a use-after-free, at the line
 * that makes it.
 *
 * Left out: sizes, and failure of allocation.
 */
import { Oops } from '../../engine/errors'
import { writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { bury, isStruct, parentOf } from '../../engine/struct'
import { currentThread } from '../../engine/run'
import { define } from '../../engine/symbol'
import { point, type AtomicTask } from '../../engine/task'
import {
  gfpflags_allow_blocking,
  slab_pre_alloc_hook,
  try_to_free_pages,
} from '../../spec/headers/gfp'
import { kfree, kmalloc } from '../../spec/headers/mm'

/** Declares a kernel struct, an object whose freeing bites, and which of its fields are atomic_t. */
export { atomicFields as atomic_fields, struct } from '../../engine/struct'
export { GFP_KERNEL } from '../../spec/headers/gfp'

/** The struct that `embedded` is part of; no memory is read (000:131-133, 000:186). */
export function container_of<T extends object>(embedded: object): T {
  const parent = parentOf(embedded)
  if (!parent) throw new Oops('container_of an object that is embedded in nothing')
  return parent as T
}

/** Objects that are allocated and not freed. */
export const liveObjects = perRun(() => new Set<object>())

/** Addresses are stable and do not follow the order of allocation. */
const addresses = perRun(() => ({ given: new WeakMap<object, number>(), next: 0 }))
const addressStride = 7919
const addressSpace = 16384

/** An address that an object keeps: lists are sorted by it (004:92-94). */
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

/** Tasks whose next allocation for a notifier fails, as fault injection asks for. */
const failing = perRun(() => new Set<number>())

/**
 * Lets the running task run out of memory once: the allocation that asks next fails. The model's
 * own.
 */
export function fail_next_allocation(): void {
  failing().add(currentThread()?.id ?? -1)
}

/** Whether an allocation is to fail. Only those ask whose failure a document tells of (000:6964-6967). */
export function should_failslab(): boolean {
  return failing().delete(currentThread()?.id ?? -1)
}

/** May reclaim, and so sleep, only where the flags say that the caller may (002:3383-3384). */
define(kmalloc, function* (object, gfp) {
  slab_pre_alloc_hook(gfp)
  if (gfpflags_allow_blocking(gfp)) yield* try_to_free_pages(gfp) as AtomicTask<void>
  liveObjects().add(object)
})

define(kfree, function* (object) {
  yield* point('kfree', (object as { name?: string }).name ?? '')
  if (isStruct(object)) bury(object)
  else poison(object)
  liveObjects().delete(object)
})

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
