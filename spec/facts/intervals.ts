/** Interval notifiers: where they stand, and since when a pass must find them. */
import { fact } from '../contract'
import { passes, type Passes } from './passes'

export interface Interval {
  readonly interval: string
  readonly mm: string
  /** In pages; both 0 where a log does not show them. */
  readonly start: number
  readonly end: number
  /** Whether its insertion has returned. */
  inserted: boolean
  /** Some pass of its mm has been live at every moment since it came: it may be added at the end of the last. */
  deferred: boolean
}

export interface Intervals {
  /** From the entry of the insertion to that of the removal. */
  readonly byId: Map<string, Interval>
}

export const intervals = fact({
  name: 'intervals',
  uses: { passes },
  start: (): Intervals => ({ byId: new Map() }),
  on: {
    mmu_interval_notifier_insert: ({ byId }, { interval, mm, start, end }, { passes }) => {
      const where = { interval, mm, start, end }
      byId.set(interval, { ...where, inserted: false, deferred: isAnyLive(passes, mm) })
    },
    'mmu_interval_notifier_insert.return': ({ byId }, { interval, result }) => {
      if (result === 0) byId.get(interval)!.inserted = true
      else byId.delete(interval)
    },
    mmu_interval_notifier_remove: ({ byId }, { interval }) => void byId.delete(interval),
    __mmu_notifier_invalidate_range_start: ({ byId }, { mm }) => {
      for (const one of byId.values()) if (one.mm === mm && !one.inserted) one.deferred = true
    },
    '__mmu_notifier_invalidate_range_start.return': (state, { mm }, { passes }) =>
      addDeferred(state, mm, passes),
    '__mmu_notifier_invalidate_range_end.return': (state, { mm }, { passes }) =>
      addDeferred(state, mm, passes),
  },
})

function addDeferred({ byId }: Intervals, mm: string, passes: Passes): void {
  if (isAnyLive(passes, mm)) return
  for (const one of byId.values()) if (one.mm === mm) one.deferred = false
}

function isAnyLive({ live }: Passes, mm: string): boolean {
  for (const pass of live) if (pass.mm === mm) return true
  return false
}

/** Interval notifiers of an mm that a pass which begins now must find, if it meets them. */
export function standingIn({ byId }: Intervals, mm: string): Interval[] {
  return [...byId.values()].filter(
    (one) => one.mm === mm && one.inserted && !one.deferred && one.start < one.end,
  )
}
