import { contract } from '../contract'
import { memory } from '../facts/memory'
import { mirrors, type Mirrors } from '../facts/mirrors'
import { mappedBy, type Mapped } from '../facts/pagemap-users'
import { isDisabled, pagemapOf, pagemaps } from '../facts/pagemaps'
import { intersects, passes, type Passes } from '../facts/passes'

/** By pagemap, entries that it had when it was disabled, or later, and of which nobody was told: each by its place. */
type Untold = Map<string, Map<string, Mapped>>

/** Devices have no other way to learn that the memory goes. */
export const unmappingIsTold = contract({
  id: 'PGM-04',
  binds: 'mm',
  says: 'when a removal begins to wait no process maps a page of the pagemap, and for each entry that did at the disabling or later the notifiers of its address space were told of a pass then',
  cites: ['003:1'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { memory, mirrors, pagemaps, passes },
  start: (): { untold: Untold; told: Map<string, number> } => ({
    untold: new Map(),
    told: new Map(),
  }),
  on: {
    dev_pagemap_kill: ({ untold, told }, { pgmap }, { memory, pagemaps, passes }) => {
      const pagemap = pagemaps.byId.get(pgmap)
      const mapped = pagemap ? mappedBy(memory, pagemap) : []
      const silent = mapped.filter((entry) => !isUnderAPass(passes, entry))
      untold.set(pgmap, new Map(silent.map((entry) => [placeOf(entry), entry])))
      told.set(pgmap, mapped.length - silent.length)
    },
    // Who had looked it up before may map it still, and mremap moves what is mapped.
    set_pte_at: ({ untold }, entry, { pagemaps, passes }) => {
      const owner = pagemapOf(pagemaps, entry.pfn)
      if (owner && isDisabled(owner) && !isUnderAPass(passes, entry))
        untold.get(owner.pgmap)?.set(placeOf(entry), entry)
    },
    __mmu_notifier_invalidate_range_start: ({ untold, told }, { mm, start, end }) => {
      for (const [pgmap, entries] of untold)
        for (const [place, entry] of entries)
          if (entry.mm === mm && start <= entry.page && entry.page < end) {
            entries.delete(place)
            told.set(pgmap, told.get(pgmap)! + 1)
          }
    },
    exit_mmap: ({ untold }, { mm }) => {
      for (const entries of untold.values())
        for (const [place, entry] of entries) if (entry.mm === mm) entries.delete(place)
    },
    dev_pagemap_cleanup: ({ untold, told }, { pgmap }, { memory, mirrors, pagemaps }, tell) => {
      const pagemap = pagemaps.byId.get(pgmap)
      const [left] = pagemap ? mappedBy(memory, pagemap) : []
      const silent = [...(untold.get(pgmap)?.values() ?? [])]
      const owed = silent.find(({ mm }) => isHeard(mirrors, mm))
      if (left) tell.object(`${pgmap} is waited for while page ${left.page} of ${left.mm} maps it`)
      else if (owed)
        tell.object(`nobody is told that page ${owed.page} of ${owed.mm} no longer maps ${pgmap}`)
      else tell.exercise(shapeOf(told.get(pgmap) ?? 0, silent.length))
    },
  },
})

const placeOf = ({ mm, page }: Pick<Mapped, 'mm' | 'page'>): string => `${mm} ${page}`

/** Whether its notifiers are being told of a change there. */
function isUnderAPass({ live }: Passes, { mm, page }: Mapped): boolean {
  const at = { start: page, end: page + 1 }
  return [...live].some((pass) => pass.mm === mm && intersects(pass, at))
}

function isHeard({ notifiers }: Mirrors, mm: string): boolean {
  return [...notifiers.values()].some((notifier) => notifier.mm === mm && notifier.listed)
}

function shapeOf(told: number, silent: number): string {
  if (silent > 0) return 'nobody listens to one of them'
  return told === 0 ? 'nothing mapped it' : told === 1 ? 'one entry' : 'several entries'
}
