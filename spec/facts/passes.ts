/** Invalidation passes: from the entry of the core's start to the return of its end. */
import { fact } from '../contract'

export interface Pass {
  readonly pass: string
  readonly mm: string
  readonly start: number
  readonly end: number
  readonly blockable: boolean
  readonly task: number
  /** `open` from the start's success to the end's entry; `failed` from the start's failure on. */
  phase: 'starting' | 'open' | 'failed' | 'ending' | 'closed'
  /** What each notifier's start returned, once it has. */
  readonly starts: Map<string, number>
  /** Notifiers whose end was called. */
  readonly ends: Set<string>
  /** Notifiers of the mm whose removal began after the pass. */
  readonly removed: Set<string>
}

export interface Passes {
  /** The latest pass under each descriptor. */
  readonly byId: Map<string, Pass>
  /** Those neither failed nor closed. */
  readonly live: Set<Pass>
}

export const passes = fact({
  name: 'passes',
  start: (): Passes => ({ byId: new Map(), live: new Set() }),
  on: {
    __mmu_notifier_invalidate_range_start: (state, { pass, mm, start, end, blockable, task }) => {
      const begun: Pass = {
        pass,
        mm,
        start,
        end,
        blockable,
        task,
        phase: 'starting',
        starts: new Map(),
        ends: new Set(),
        removed: new Set(),
      }
      state.byId.set(pass, begun)
      state.live.add(begun)
    },
    '__mmu_notifier_invalidate_range_start.return': (state, { pass, result }) => {
      const known = state.byId.get(pass)
      if (!known) return
      known.phase = result === 0 || known.blockable ? 'open' : 'failed'
      if (known.phase === 'failed') state.live.delete(known)
    },
    'invalidate_range_start.return': (state, { pass, mn, result }) =>
      void state.byId.get(pass)?.starts.set(mn, result),
    invalidate_range_end: (state, { pass, mn }) => void state.byId.get(pass)?.ends.add(mn),
    __mmu_notifier_invalidate_range_end: (state, { pass }) => {
      const known = state.byId.get(pass)
      if (known) known.phase = 'ending'
    },
    '__mmu_notifier_invalidate_range_end.return': (state, { pass }) => {
      const known = state.byId.get(pass)
      if (!known) return
      known.phase = 'closed'
      state.live.delete(known)
    },
    mmu_notifier_unregister: remove,
    mmu_notifier_unregister_no_release: remove,
  },
})

function remove({ live }: Passes, { mn, mm }: { mn: string; mm: string }): void {
  for (const pass of live) if (pass.mm === mm) pass.removed.add(mn)
}

/** Whether a notifier that is told of the end now is told so because the pass was refused. */
export function isUndo({ phase }: Pass): boolean {
  return phase === 'starting'
}

/** Passes of an mm that have surely begun and surely not ended. */
export function openPasses(state: Passes, mm: string): Pass[] {
  return [...state.live].filter((pass) => pass.mm === mm && pass.phase === 'open')
}

/** Half-open intervals [start, end) that share a page. */
export function intersects(
  a: { start: number; end: number },
  b: { start: number; end: number },
): boolean {
  return a.start < b.end && b.start < a.end
}

/** How two intervals lie to each other, as a witness says it. */
export function overlapShape(
  a: { start: number; end: number },
  b: { start: number; end: number },
): string {
  if (!intersects(a, b)) return a.end === b.start || b.end === a.start ? 'adjacent' : 'apart'
  if (a.start === b.start && a.end === b.end) return 'equal'
  if (a.start <= b.start && a.end >= b.end) return 'covers'
  if (b.start <= a.start && b.end >= a.end) return 'inside'
  return 'partial'
}
