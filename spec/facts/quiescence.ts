/**
 * Whether an invalidation concerns a range, told from outside HMM.
 *
 * HMM's own count is not looked at. A pass *may* be counted from the entry of HMM's start callback to
 * the return of its end (or of the start that failed); it *surely* is from the entry of a mirror's sync,
 * or the start's success, to the entry of the end. HMM is lazy about saying that a range is quiet
 * again: not before the last pass of the mm is over (000:6244-6247). Ranges live from the entry of
 * their registration to the entry of their removal.
 */
import { fact } from '../contract'
import { callbacks, startOf } from './callbacks'
import { mirrors } from './mirrors'
import { intersects } from './passes'

export interface Range {
  readonly range: string
  readonly mirror: string
  readonly mm: string
  readonly mn: string
  readonly start: number
  readonly end: number
  /** True from the successful return of hmm_range_register. */
  registered: boolean
  /** An invalidation surely concerns it: it is not quiescent. */
  surelyBusy: boolean
  /** One may concern it; when false, it is quiescent. */
  maybeBusy: boolean
}

export interface Counted {
  readonly start: number
  readonly end: number
}

export interface Quiescence {
  readonly ranges: Map<string, Range>
  /** Passes that HMM's notifier surely counts, and those it may count, by notifier. */
  readonly sure: Map<string, Map<string, Counted>>
  readonly possible: Map<string, Map<string, Counted>>
}

export const quiescence = fact({
  name: 'quiescence',
  uses: { callbacks, mirrors },
  start: (): Quiescence => ({
    ranges: new Map(),
    sure: new Map(),
    possible: new Map(),
  }),
  on: {
    invalidate_range_start: (state, { mn, pass, start, end }, { mirrors }) => {
      if (!mirrors.notifiers.get(mn)?.hmm && !mirrors.registering.size) return
      counted(state.possible, mn).set(pass, { start, end })
      for (const range of rangesOf(state, mn))
        if (!range.registered || intersects(range, { start, end })) range.maybeBusy = true
    },
    sync_cpu_device_pagetables: (state, { task, start, end }, { callbacks }) => {
      const caller = startOf(callbacks, task)
      if (caller) becomesSure(state, caller.on, caller.pass, { start, end })
    },
    'sync_cpu_device_pagetables.return': (state, { task, result }, { callbacks }) => {
      const caller = startOf(callbacks, task)
      if (caller && result !== 0) noLongerSure(state, caller.on, caller.pass)
    },
    'invalidate_range_start.return': (state, { mn, pass, start, end, result }) => {
      if (!counted(state.possible, mn).has(pass)) return
      if (result === 0) becomesSure(state, mn, pass, { start, end })
      else {
        noLongerSure(state, mn, pass)
        noLongerPossible(state, mn, pass)
      }
    },
    invalidate_range_end: (state, { mn, pass }) => noLongerSure(state, mn, pass),
    'invalidate_range_end.return': (state, { mn, pass }) => noLongerPossible(state, mn, pass),
    hmm_range_register: (state, { range, mirror, start, end }, { mirrors }) => {
      const { mm, mn } = mirrors.mirrors.get(mirror) ?? { mm: '', mn: '' }
      state.ranges.set(range, {
        range,
        mirror,
        mm,
        mn,
        start,
        end,
        registered: false,
        surelyBusy: counted(state.sure, mn).size > 0,
        maybeBusy: counted(state.possible, mn).size > 0,
      })
    },
    'hmm_range_register.return': (state, { range, result }) => {
      if (result === 0) state.ranges.get(range)!.registered = true
      else state.ranges.delete(range)
    },
    hmm_range_unregister: (state, { range }) => void state.ranges.delete(range),
  },
})

/** The ranges that a notifier's invalidations concern. */
export function rangesOf(state: Quiescence, mn: string): Range[] {
  return [...state.ranges.values()].filter((range) => range.mn === mn)
}

/** Passes that a notifier surely counts now. */
export function surelyCounted(state: Quiescence, mn: string): ReadonlyMap<string, Counted> {
  return counted(state.sure, mn)
}

function counted(by: Map<string, Map<string, Counted>>, mn: string): Map<string, Counted> {
  let passes = by.get(mn)
  if (!passes) by.set(mn, (passes = new Map()))
  return passes
}

function becomesSure(state: Quiescence, mn: string, pass: string, interval: Counted): void {
  counted(state.sure, mn).set(pass, interval)
  for (const range of rangesOf(state, mn)) if (intersects(range, interval)) range.surelyBusy = true
}

function noLongerSure(state: Quiescence, mn: string, pass: string): void {
  const sure = counted(state.sure, mn)
  if (!sure.delete(pass) || sure.size > 0) return
  for (const range of rangesOf(state, mn)) range.surelyBusy = false
}

function noLongerPossible(state: Quiescence, mn: string, pass: string): void {
  const possible = counted(state.possible, mn)
  possible.delete(pass)
  if (possible.size === 0) for (const range of rangesOf(state, mn)) range.maybeBusy = false
}
