import { contract } from '../contract'
import { areas, areasOf } from '../facts/areas'
import { deviceOwners } from '../facts/device-owners'
import { intersects, passes } from '../facts/passes'

interface Batches {
  /** By task that has taken faults and mends them, the pages that it has published since. */
  readonly published: Map<number, number>
  /** Tasks whose address space has lost a part of an area since. */
  readonly overtaken: Map<number, string>
}

/** Faults are chosen by the area that holds them, and mapped by what is there when they are mapped. */
export const batchesAreFoundAgain = contract({
  id: 'DRV-23',
  binds: 'driver',
  says: 'however it has chosen the pages that it brings in together, a driver gives its device none of them where no area is any more',
  cites: ['000:4950-4953', '000:6390-6395'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { areas, deviceOwners, passes },
  start: (): Batches => ({ published: new Map(), overtaken: new Map() }),
  on: {
    device_faults_taken: ({ published, overtaken }, { task }) => {
      published.set(task, 0)
      overtaken.delete(task)
    },
    device_page_fault: ({ published }, { task }) => void published.delete(task),
    __vma_unlink: shrinks,
    vma_adjust: shrinks,
    device_pte_set: ({ published, overtaken }, { task, device, name, mm, page }, known, tell) => {
      const at = { start: page, end: page + 1 }
      const isThere = areasOf(known.areas, mm).some((area) => intersects(area, at))
      const owner = known.deviceOwners.get(device)
      // What it sets before it is called it is told to clear.
      const isToBeTold = [...known.passes.live].some(
        (pass) =>
          pass.mm === mm &&
          intersects(pass, at) &&
          pass.phase === 'starting' &&
          !(owner !== undefined && pass.starts.has(owner)),
      )
      if (!isThere && !isToBeTold)
        return tell.object(`${name} gets page ${page} of ${mm}, where no area is`)
      const count = published.get(task)
      if (count === undefined) return
      published.set(task, count + 1)
      if (overtaken.get(task) === mm) tell.exercise('areas have changed since')
      else if (count > 0) tell.exercise('several at once')
    },
  },
})

/** Whoever has chosen pages before has chosen them by other areas. */
function shrinks({ published, overtaken }: Batches, { mm }: { mm: string }): void {
  for (const task of published.keys()) overtaken.set(task, mm)
}
