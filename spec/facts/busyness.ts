/**
 * Why a range is surely busy, and since when it is surely busy or surely quiescent.
 *
 * A range is busy because a pass that began after its registration *hit* it, because it was registered
 * *under* passes that were counted, or because HMM is *lazy*: a pass that made it busy is over, and
 * another one is still counted. Positions are those of events in the log.
 */
import { fact } from '../contract'
import { intersects } from './passes'
import { quiescence, surelyCounted, type Quiescence, type Range } from './quiescence'

/** A pass that was surely counted when a range was registered. */
export interface Under {
  readonly pass: string
  readonly start: number
  readonly end: number
  /** Its start was still calling back. */
  readonly inCallback: boolean
  /** Another pass of the mm was taken back since this one was surely counted. */
  readonly afterAnEnd: boolean
}

export interface Busyness {
  readonly ranges: Map<string, Spell>
  /** By notifier and pass: since when it is surely counted, and whether its start has returned. */
  readonly counted: Map<string, { readonly since: number; started: boolean }>
  /** By notifier: since when no pass is possibly counted, and when one was last taken back. */
  readonly idleSince: Map<string, number | null>
  readonly takenBack: Map<string, number>
}

interface Spell {
  readonly range: Range
  busySince: number | null
  quietSince: number | null
  /** Since when it is busy although a pass that made it so is over. */
  lazySince: number | null
  /** Passes under which it was registered, while it has not been quiescent since. */
  under: readonly Under[]
  /** Intersecting passes that began after the registration: since when each is surely counted. */
  readonly hits: Map<string, number>
  /** Passes that began after the registration. */
  readonly begun: Set<string>
}

/** Why a range is busy. */
export type Reason =
  | { readonly kind: 'hit'; readonly pass: string; readonly start: number; readonly end: number }
  | { readonly kind: 'under'; readonly under: readonly Under[] }
  | { readonly kind: 'lazy' }

export const busyness = fact({
  name: 'busyness',
  uses: { quiescence },
  start: (): Busyness => ({
    ranges: new Map(),
    counted: new Map(),
    idleSince: new Map(),
    takenBack: new Map(),
  }),
  on: {
    hmm_range_register: (state, { range, at }, { quiescence }) => {
      const known = quiescence.ranges.get(range)!
      state.ranges.set(range, freshSpell(state, known, quiescence))
      note(state, at, quiescence)
    },
    hmm_range_unregister: ({ ranges }, { range }) => void ranges.delete(range),
    invalidate_range_start: (state, { mn, pass, at }, { quiescence }) => {
      state.idleSince.set(mn, null)
      for (const { range, begun } of state.ranges.values())
        if (range.mn === mn && range.registered) begun.add(pass)
      note(state, at, quiescence)
    },
    sync_cpu_device_pagetables: (state, { at }, { quiescence }) => note(state, at, quiescence),
    'sync_cpu_device_pagetables.return': (state, { at }, { quiescence }) =>
      note(state, at, quiescence),
    'invalidate_range_start.return': (state, { mn, pass, at, result }, { quiescence }) => {
      note(state, at, quiescence)
      const counted = state.counted.get(`${mn} ${pass}`)
      if (counted) counted.started = true
      if (result !== 0) over(state, mn, pass, at, quiescence)
    },
    invalidate_range_end: (state, { at }, { quiescence }) => note(state, at, quiescence),
    'invalidate_range_end.return': (state, { mn, pass, at }, { quiescence }) => {
      note(state, at, quiescence)
      over(state, mn, pass, at, quiescence)
    },
  },
})

/** Why a range was busy from the event at `since` until now, or null where that is not sure. */
export function reasonSince(
  state: Busyness,
  quiescence: Quiescence,
  range: string,
  since: number,
): Reason | null {
  const spell = state.ranges.get(range)
  if (!spell || spell.busySince === null || spell.busySince > since) return null
  const sure = surelyCounted(quiescence, spell.range.mn)
  for (const [pass, hitAt] of spell.hits) {
    const counted = sure.get(pass)
    if (counted && hitAt <= since) return { kind: 'hit', pass, ...counted }
  }
  if ([...spell.hits.keys()].some((pass) => sure.has(pass))) return null
  if (spell.lazySince !== null) return spell.lazySince <= since ? { kind: 'lazy' } : null
  return spell.under.length > 0 ? { kind: 'under', under: spell.under } : null
}

/** Whether a range was surely busy from the event at `since` until now. */
export function busySince({ ranges }: Busyness, range: string, since: number): boolean {
  const at = ranges.get(range)?.busySince
  return typeof at === 'number' && at <= since
}

/** Whether a range was surely quiescent from the event at `since` until now. */
export function quietSince({ ranges }: Busyness, range: string, since: number): boolean {
  const at = ranges.get(range)?.quietSince
  return typeof at === 'number' && at <= since
}

/** Whether no pass can have been counted for a range from the event at `since` until now. */
export function idleSince({ ranges, idleSince }: Busyness, range: string, since: number): boolean {
  const mn = ranges.get(range)?.range.mn
  if (mn === undefined) return false
  const at = idleSince.get(mn)
  return at === undefined || (at !== null && at <= since)
}

function freshSpell(state: Busyness, range: Range, quiescence: Quiescence): Spell {
  const takenBack = state.takenBack.get(range.mn) ?? -1
  const under = [...surelyCounted(quiescence, range.mn)].map(([pass, { start, end }]): Under => {
    const counted = state.counted.get(`${range.mn} ${pass}`)
    const inCallback = counted?.started !== true
    return { pass, start, end, inCallback, afterAnEnd: takenBack > (counted?.since ?? 0) }
  })
  return {
    range,
    busySince: null,
    quietSince: null,
    lazySince: null,
    under,
    hits: new Map(),
    begun: new Set(),
  }
}

/** Follows what became busy or quiescent at this event. */
function note(state: Busyness, at: number, quiescence: Quiescence): void {
  for (const [mn, passes] of quiescence.sure) follow(state, mn, passes.keys(), at)
  for (const spell of state.ranges.values()) {
    const { range, hits, begun } = spell
    const sure = surelyCounted(quiescence, range.mn)
    spell.busySince = range.surelyBusy ? (spell.busySince ?? at) : null
    spell.quietSince = range.maybeBusy ? null : (spell.quietSince ?? at)
    const causes = [...hits.keys(), ...spell.under.map(({ pass }) => pass)]
    if (!range.surelyBusy) [spell.lazySince, spell.under] = [null, []]
    else if (causes.some((pass) => !sure.has(pass))) spell.lazySince ??= at
    for (const pass of hits.keys()) if (!sure.has(pass)) hits.delete(pass)
    for (const [pass, interval] of sure)
      if (begun.has(pass) && !hits.has(pass) && intersects(range, interval)) hits.set(pass, at)
  }
}

function follow({ counted }: Busyness, mn: string, passes: Iterable<string>, at: number): void {
  for (const pass of passes) {
    const key = `${mn} ${pass}`
    if (!counted.has(key)) counted.set(key, { since: at, started: false })
  }
}

function over(state: Busyness, mn: string, pass: string, at: number, quiescence: Quiescence): void {
  state.counted.delete(`${mn} ${pass}`)
  state.takenBack.set(mn, at)
  if ((quiescence.possible.get(mn)?.size ?? 0) === 0) state.idleSince.set(mn, at)
}
