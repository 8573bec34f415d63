/**
 * Which passes have collided with a range since its entries were last read, told from outside HMM.
 *
 * A pass collides where the sync of the range's mirror is entered. One that came and went before the
 * walk looked at the first area may have been over when the walk began, and does not count; one that
 * is still open when the walk is accepted does. A start that fails changes nothing: it is forgotten once a
 * sync has refused it.
 */
import { fact } from '../contract'
import { callbacks, startOf } from './callbacks'
import { intersects } from './passes'
import { quiescence, type Quiescence } from './quiescence'

interface Walk {
  readonly range: string
  readonly firstPage: number | undefined
  /** Passes synced since the call was entered. */
  readonly entered: Set<string>
  /** Passes synced since it last began to look at the areas. */
  readonly walked: Set<string>
}

export interface EntriesRead {
  /** Passes synced since the last accepted snapshot or fault, by range; none before the first. */
  readonly since: Map<string, Set<string>>
  readonly walks: Map<number, Walk>
  /** Passes whose end a notifier was told of, and those whose end it has handled, as `mn pass`. */
  readonly ending: Set<string>
  readonly ended: Set<string>
}

export const entriesRead = fact({
  name: 'entries read',
  uses: { callbacks, quiescence },
  start: (): EntriesRead => ({
    since: new Map(),
    walks: new Map(),
    ending: new Set(),
    ended: new Set(),
  }),
  on: {
    hmm_range_register: ({ since }, { range }) => void since.delete(range),
    hmm_range_snapshot: (state, { task, range }, { quiescence }) =>
      begin(state, task, range, quiescence),
    hmm_range_fault: (state, { task, range }, { quiescence }) =>
      begin(state, task, range, quiescence),
    find_vma: ({ walks }, { task, page }) => {
      const walk = walks.get(task)
      if (walk?.firstPage === page) walk.walked.clear()
    },
    'hmm_range_snapshot.return': (state, { task, result }, { quiescence }) =>
      finish(state, task, result, quiescence),
    'hmm_range_fault.return': (state, { task, result }, { quiescence }) =>
      finish(state, task, result, quiescence),
    invalidate_range_start: ({ ending, ended }, { mn, pass }) => {
      ending.delete(`${mn} ${pass}`)
      ended.delete(`${mn} ${pass}`)
    },
    sync_cpu_device_pagetables: (state, { task, mirror, start, end }, known) => {
      const pass = startOf(known.callbacks, task)?.pass
      if (!pass) return
      const hit = (id: string): boolean => {
        const range = known.quiescence.ranges.get(id)
        return range?.mirror === mirror && intersects(range, { start, end })
      }
      for (const [range, passes] of state.since) if (hit(range)) passes.add(pass)
      for (const { range, entered, walked } of state.walks.values())
        if (hit(range)) for (const passes of [entered, walked]) passes.add(pass)
    },
    'sync_cpu_device_pagetables.return': (state, { task, result }, known) => {
      if (result === 0) return
      const caller = startOf(known.callbacks, task)
      if (caller) forget(state, known.quiescence, caller.on, caller.pass)
    },
    'invalidate_range_start.return': (state, { pass, mn, result }, { quiescence }) => {
      if (result !== 0) forget(state, quiescence, mn, pass)
    },
    invalidate_range_end: ({ ending }, { mn, pass }) => void ending.add(`${mn} ${pass}`),
    'invalidate_range_end.return': ({ ended }, { mn, pass }) => void ended.add(`${mn} ${pass}`),
  },
})

/** What collided with a range since its entries were read: passes still open, and complete ones. */
export function collided(
  { since, ended }: EntriesRead,
  quiescence: Quiescence,
  range: string,
): { open: string[]; complete: string[] } {
  const mn = quiescence.ranges.get(range)?.mn
  const passes = mn === undefined ? [] : [...(since.get(range) ?? [])]
  return {
    open: passes.filter((pass) => !ended.has(`${mn} ${pass}`)),
    complete: passes.filter((pass) => ended.has(`${mn} ${pass}`)),
  }
}

function forget(
  { since, walks }: EntriesRead,
  { ranges }: Quiescence,
  mn: string,
  pass: string,
): void {
  const isConcerned = (range: string): boolean => ranges.get(range)?.mn === mn
  for (const [range, passes] of since) if (isConcerned(range)) passes.delete(pass)
  for (const { range, entered, walked } of walks.values())
    if (isConcerned(range)) for (const passes of [entered, walked]) passes.delete(pass)
}

function begin({ walks }: EntriesRead, task: number, range: string, { ranges }: Quiescence): void {
  const firstPage = ranges.get(range)?.start
  walks.set(task, { range, firstPage, entered: new Set(), walked: new Set() })
}

function finish(state: EntriesRead, task: number, result: number, { ranges }: Quiescence): void {
  const walk = state.walks.get(task)
  state.walks.delete(task)
  if (!walk || result < 0) return
  const mn = ranges.get(walk.range)?.mn
  const open = [...walk.entered].filter((pass) => !state.ending.has(`${mn} ${pass}`))
  state.since.set(walk.range, new Set([...walk.walked, ...open]))
}
