/**
 * Ids of objects in events, and state that lives exactly one run.
 *
 * Events are flat: an object appears as `mm:1` or `range:3`, numbered by first appearance, never as
 * itself. The id hangs on the object under a private key, so asking for it is no access that a freed
 * object would notice.
 */

export const idKey = Symbol('id')
/** A struct names its own kind here, so that its id does not depend on who sees it first. */
export const kindKey = Symbol('kind')

let generation = 0
const counters = new Map<string, number>()
/** Objects that are no structs and have an id: some of them are there in the next run too. */
let named: object[] = []

/** Starts a new run: ids count from 1 again and every {@link perRun} value is stale. */
export function newGeneration(): void {
  generation++
  counters.clear()
  for (const object of named) (object as { [idKey]?: string | undefined })[idKey] = undefined
  named = []
}

/** An object, and the kind that it was taken for. */
export type Taken = readonly [object, string]
let taken: Taken[] | null = null

/** What `show` takes for what. */
export function takenIn(show: () => unknown): readonly Taken[] {
  const found: Taken[] = (taken = [])
  try {
    show()
  } finally {
    taken = null
  }
  return found
}

/** The id of an object in events: `kind:n`, or `NULL`. */
export function id(kind: string, object: object | null | undefined): string {
  if (object === null || object === undefined) return 'NULL'
  if (taken !== null) taken.push([object, kind])
  const known = (object as { [idKey]?: string })[idKey]
  if (known !== undefined) return known
  const kindOfStruct = (object as { [kindKey]?: string })[kindKey]
  const own = kindOfStruct ?? kind
  const count = (counters.get(own) ?? 0) + 1
  counters.set(own, count)
  const fresh = `${own}:${count}`
  // Throws for what is no object: that is not remembered.
  if (idKey in object) (object as { [idKey]?: string })[idKey] = fresh
  else Object.defineProperty(object, idKey, { value: fresh, writable: true })
  if (kindOfStruct === undefined) named.push(object)
  return fresh
}

/** The ids, of a kind, that objects embedded in `object` already have. */
export function embeddedIds(object: object, kind: string): string {
  const found: string[] = []
  for (const value of Object.values(object)) {
    const known =
      typeof value === 'object' && value !== null && (value as { [idKey]?: string })[idKey]
    if (known && known.startsWith(`${kind}:`)) found.push(known)
  }
  return found.join(' ')
}

/** A value made anew, on first use, in every run: nothing global survives a run. */
export function perRun<T>(make: () => T): () => T {
  let madeIn = -1
  let value: T
  return () => {
    if (madeIn !== generation) {
      madeIn = generation
      value = make()
    }
    return value
  }
}
