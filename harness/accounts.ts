/** Who holds memory when a run is over: every reference that a count counts is somebody's. */
import { sumBy } from 'lodash'
import type { mm_struct, page, swap_slot } from '../spec/headers/types'
import { frames } from '../reference/hardware/memory'
import { liveObjects } from '../reference/kernel/slab'
import { swapSlots } from '../reference/mm/swap'
import { page_file } from '../reference/mm/mm_types'

/** What does not add up in the memory of the run that was made last: empty where all is accounted for. */
export function unaccounted(): string[] {
  const mms = [...liveObjects()].filter((object): object is mm_struct => 'pgd' in object)
  return [...pages(mms), ...slots(mms), ...mms.flatMap(tornDown)]
}

/** What a driver that is open keeps for its device. */
interface Pinned {
  readonly pages: readonly page[]
}

/** A page is held by the entries that map it, by its file, by the swap cache, by the device whose memory it is, and by drivers. */
function pages(mms: readonly mm_struct[]): string[] {
  const pinned = [...liveObjects()].filter(isPinned)
  return frames().flatMap((page) => {
    const entries = sumBy(mms, ({ pgd }) => count(pgd.values(), ({ pfn }) => pfn === page.pfn))
    const drivers = sumBy(pinned, ({ pages }) => count(pages, (one) => one === page))
    const owners = count([page_file(page), page.private, page.pgmap], (owner) => owner !== null)
    const held = entries + drivers + owners
    if (page.locked !== null) return [`page ${page.pfn} is locked for ever`]
    if (page._refcount === held) return []
    return [`page ${page.pfn} has ${page._refcount} references and ${held} holders`]
  })
}

/** A pagemap has pages too, and each of them says so itself. */
function isPinned(object: object): object is Pinned {
  return 'pages' in object && !('ref' in object)
}

/** A swap slot is held by the entries that name it. */
function slots(mms: readonly mm_struct[]): string[] {
  const named = (slot: swap_slot) =>
    sumBy(mms, ({ swapped }) => count(swapped.values(), (other) => other === slot))
  return [...swapSlots()].flatMap((slot) =>
    slot.count === named(slot) && slot.count > 0
      ? []
      : [`a swap slot has ${slot.count} users and ${named(slot)} entries`],
  )
}

/** Without users an address space has no areas and no entries. */
function tornDown({ name, mm_users, mmap, pgd, swapped }: mm_struct): string[] {
  const left = mmap.length + pgd.size + swapped.size
  return mm_users === 0 && left > 0 ? [`${name} has no users and ${left} areas and entries`] : []
}

function count<T>(all: Iterable<T>, holds: (one: T) => boolean): number {
  return [...all].filter(holds).length
}
