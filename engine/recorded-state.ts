/**
 * Plain data (objects, arrays, maps, sets) whose accesses count as touches of the running step: what a
 * monitor remembers is shared state, too, and two steps that it hears may not be exchanged for it.
 *
 * Every place has a key that means the same in every run: its path from the root. An object that can be
 * reached by several paths has the key of the first place it was put into.
 */
import { reads, writes } from './footprint'

type Target = Record<PropertyKey, unknown>

export class RecordedState {
  private readonly keys = new WeakMap<object, string>()
  private readonly proxies = new WeakMap<object, object>()
  private readonly targets = new WeakMap<object, object>()

  /** `value` as it is to be handed out: whatever is done to it or below it is recorded. */
  wrap<T>(value: T, key: string): T {
    if (!isData(value) || this.targets.has(value)) return value
    let proxy = this.proxies.get(value)
    if (!proxy) {
      if (!this.keys.has(value)) this.keys.set(value, key)
      proxy = new Proxy(value, this.handlerFor(value))
      this.proxies.set(value, proxy)
      this.targets.set(proxy, value)
    }
    return proxy as T
  }

  private unwrap<T>(value: T): T {
    return isData(value) ? ((this.targets.get(value) as T) ?? value) : value
  }

  /** What is put somewhere is called after that place, unless it has a name. */
  private put<T>(value: T, key: string): T {
    const target = this.unwrap(value)
    if (isData(target) && !this.keys.has(target)) this.keys.set(target, key)
    return target
  }

  private handlerFor(value: object): ProxyHandler<object> {
    const key = this.keys.get(value)!
    if (value instanceof Map || value instanceof Set) return this.methods(collection(value), key)
    // The order of a list matters: it is touched as a whole.
    const place = Array.isArray(value)
      ? () => key
      : cached((property) => `${key}.${String(property)}`)
    return {
      get: (target, property) => {
        const found = (target as Target)[property]
        if (typeof found === 'function') return found
        reads(place(property))
        return this.wrap(found, place(property))
      },
      set: (target, property, to) => {
        writes(place(property))
        ;(target as Target)[property] = this.put(to, place(property))
        return true
      },
      deleteProperty: (target, property) => {
        writes(place(property))
        return delete (target as Target)[property]
      },
    }
  }

  /** Maps and sets do not work through a proxy: each of their methods is given anew. */
  private methods(target: Collection, key: string): ProxyHandler<object> {
    const members = `${key}#members`
    const nameOf = (member: unknown) =>
      isData(member) ? (this.keys.get(this.unwrap(member)) ?? members) : String(member)
    const place = cached((member) => `${key}[${nameOf(member)}]`)
    const read = (member: unknown) => {
      reads(place(member))
      return this.wrap(target.get(this.unwrap(member)), place(member))
    }
    const all = (what: (member: unknown) => unknown) => {
      reads(members)
      return [...target.keys()].map(what)
    }
    const change = (member: unknown) => {
      writes(members)
      writes(place(member))
    }
    const given: Record<PropertyKey, unknown> = {
      has: (member: unknown) => (read(member), target.has(this.unwrap(member))),
      get: read,
      set: (member: unknown, to: unknown) => {
        const raw = this.unwrap(member)
        if (!target.has(raw)) writes(members)
        writes(place(raw))
        target.set(raw, this.put(to, place(raw)))
      },
      add: (member: unknown) => {
        const raw = this.put(member, `${key}{${target.size()}}`)
        if (!target.has(raw)) change(raw)
        target.set(raw, raw)
      },
      delete: (member: unknown) => {
        reads(place(member))
        if (target.has(this.unwrap(member))) change(member)
        return target.delete(this.unwrap(member))
      },
      clear: () => {
        for (const member of target.keys()) change(member)
        target.clear()
      },
      keys: () => all((member) => this.wrap(member, place(member))).values(),
      values: () => all(read).values(),
      entries: () => all((member) => [this.wrap(member, place(member)), read(member)]).values(),
      forEach: (use: (value: unknown, member: unknown) => void) =>
        all((member) => use(read(member), this.wrap(member, place(member)))),
    }
    given[Symbol.iterator] = target.keyed ? given.entries : given.values
    return {
      get: (_target, property) => {
        if (property !== 'size') return given[property]
        reads(members)
        return target.size()
      },
    }
  }
}

/** Names are made once: then each has its hash. */
function cached(nameOf: (of: unknown) => string): (of: unknown) => string {
  const names = new Map<unknown, string>()
  return (of) => {
    let name = names.get(of)
    if (name === undefined) names.set(of, (name = nameOf(of)))
    return name
  }
}

/** A map, or a set as the map of its members to themselves. */
interface Collection {
  readonly keyed: boolean
  size(): number
  has(member: unknown): boolean
  get(member: unknown): unknown
  set(member: unknown, value: unknown): void
  delete(member: unknown): boolean
  clear(): void
  keys(): Iterable<unknown>
}

function collection(of: Map<unknown, unknown> | Set<unknown>): Collection {
  return {
    keyed: of instanceof Map,
    size: () => of.size,
    has: (member) => of.has(member),
    get: (member) => (of instanceof Map ? of.get(member) : member),
    set: (member, value) => void (of instanceof Map ? of.set(member, value) : of.add(member)),
    delete: (member) => of.delete(member),
    clear: () => of.clear(),
    keys: () => of.keys(),
  }
}

function isData(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
