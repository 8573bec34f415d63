/**
 * Device memory: which page frames are whose, how far a removal has come, and who has looked a pagemap up.
 *
 * A frame is a pagemap's from its initialisation until it is free again.
 */
import { fact } from '../contract'

/** How far a removal has come; `gone` once it has returned. */
export type Phase =
  'live' | 'begun' | 'disabled' | 'invalidating' | 'invalidated' | 'draining' | 'drained' | 'gone'

export interface Pagemap {
  readonly pgmap: string
  readonly pfns: Set<number>
  phase: Phase
  /** The task that takes it away. */
  remover: number | null
}

export interface Pagemaps {
  readonly byId: Map<string, Pagemap>
  /** References of lookups, by task and pagemap. */
  readonly lookups: Map<number, Map<string, number>>
}

export const pagemaps = fact({
  name: 'pagemaps',
  start: (): Pagemaps => ({ byId: new Map(), lookups: new Map() }),
  on: {
    __init_zone_device_page: ({ byId }, { pfn, pgmap }) => {
      if (!byId.has(pgmap))
        byId.set(pgmap, { pgmap, pfns: new Set(), phase: 'live', remover: null })
      byId.get(pgmap)!.pfns.add(pfn)
    },
    devm_munmap_pages: (state, { task, pgmap }) => {
      comesTo(state, pgmap, 'begun')
      const known = state.byId.get(pgmap)
      if (known) known.remover = task
    },
    'dev_pagemap_kill.return': (state, { pgmap }) => comesTo(state, pgmap, 'disabled'),
    unmap_mapping_pages: (state, { task }) => {
      const known = removedBy(state, task)
      if (known?.phase === 'disabled') known.phase = 'invalidating'
    },
    'unmap_mapping_pages.return': (state, { task }) => {
      const known = removedBy(state, task)
      if (known?.phase === 'invalidating') known.phase = 'invalidated'
    },
    'dev_pagemap_cleanup.return': (state, { pgmap }) => comesTo(state, pgmap, 'drained'),
    '__free_page.return': ({ byId }, { pfn }) => {
      for (const { pfns } of byId.values()) pfns.delete(pfn)
    },
    'devm_munmap_pages.return': (state, { pgmap }) => {
      comesTo(state, pgmap, 'gone')
      const known = state.byId.get(pgmap)
      if (known) known.remover = null
    },
    'get_dev_pagemap.return': ({ lookups }, { task, pgmap: held, result }) => {
      if (result !== 'NULL' && result !== held) count(lookups, task, result, 1)
    },
    put_dev_pagemap: ({ lookups }, { task, pgmap }) => count(lookups, task, pgmap, -1),
  },
})

function comesTo({ byId }: Pagemaps, pgmap: string, phase: Phase): void {
  const known = byId.get(pgmap)
  if (known) known.phase = phase
}

function count(lookups: Pagemaps['lookups'], task: number, pgmap: string, by: number): void {
  if (!lookups.has(task)) lookups.set(task, new Map())
  const held = lookups.get(task)!
  held.set(pgmap, (held.get(pgmap) ?? 0) + by)
}

/** The pagemap that a frame belongs to now. */
export function pagemapOf({ byId }: Pagemaps, pfn: number): Pagemap | undefined {
  return [...byId.values()].find(({ pfns }) => pfns.has(pfn))
}

/** The pagemap that a task is taking away. */
export function removedBy({ byId }: Pagemaps, task: number): Pagemap | undefined {
  return [...byId.values()].find(({ remover }) => remover === task)
}

/** How many references of lookups a task has to a pagemap. */
export function lookupsOf({ lookups }: Pagemaps, task: number, pgmap: string): number {
  return lookups.get(task)?.get(pgmap) ?? 0
}

/** Whether new references are refused. */
export function isDisabled({ phase }: Pagemap): boolean {
  return phase !== 'live' && phase !== 'begun'
}
