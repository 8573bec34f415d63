import { contract, type Known } from '../contract'
import { callbacks } from '../facts/callbacks'
import { cpuEntry, memory } from '../facts/memory'
import { pagemapOf, pagemaps, removedBy } from '../facts/pagemaps'
import { rangeUse } from '../facts/range-use'
import { EAGAIN, EBUSY, EFAULT } from '../headers/types'

const uses = { callbacks, memory, pagemaps, rangeUse }

interface Race {
  /** Pages that each mirror has agreed to drop for a removal, by mirror, and of which frames. */
  readonly dropped: Map<string, Map<number, ReadonlySet<number>>>
  /** Ranges whose user was told of a collision. */
  readonly collided: Set<string>
  /** What a mirror's device had of the part that it is asked to drop, by task. */
  readonly asked: Map<number, Held>
}

interface Held {
  readonly device: string
  readonly pages: readonly number[]
}

/** Either the callback takes away what was stored, or the test refuses it and the next fault is an error. */
export const populatedFirstOrRefused = contract({
  id: 'PGM-06',
  binds: 'hmm',
  says: 'what a driver stores for device memory that is taken away was stored before its callback, which clears it; or its user sees the collision, retries, and gets an error',
  cites: ['003:2'],
  minimum: { exercised: 30, witnesses: 2 },
  uses,
  start: (): Race => ({ dropped: new Map(), collided: new Set(), asked: new Map() }),
  on: {
    sync_cpu_device_pagetables: ({ asked }, { task, mirror, start, end }, known) => {
      if (!removedBy(known.pagemaps, task)) return
      for (const device of devicesOf(known, mirror))
        asked.set(task, { device, pages: deviceMemoryIn(known, device, start, end) })
    },
    'sync_cpu_device_pagetables.return': (state, event, known, tell) => {
      const { task, mirror, start, end, result } = event
      const removed = removedBy(known.pagemaps, task)
      if (!removed || result !== 0) return
      const dropped = state.dropped.get(mirror) ?? new Map()
      state.dropped.set(mirror, dropped)
      const frames = new Set(removed.pfns)
      for (let page = start; page < end; page++) dropped.set(page, frames)
      const had = state.asked.get(task)
      state.asked.delete(task)
      if (!had || had.pages.length === 0) return
      const [left] = deviceMemoryIn(known, had.device, start, end)
      if (left !== undefined)
        tell.object(`${had.device} has page ${left} of what is taken away after its callback`)
      else tell.exercise('populated first, and cleared by the callback')
    },
    device_pte_set: ({ dropped }, { task, device, mm, page, pfn }, known, tell) => {
      const mirror = known.rangeUse.mirrorOf.get(device) ?? ''
      if (!dropped.get(mirror)?.get(page)?.has(pfn)) return
      // A frame that is free again may be what the process has there now.
      const isGone = !pagemapOf(known.pagemaps, pfn)
      if (isGone && cpuEntry(known.memory, mm, page)?.pfn === pfn) return
      tell.object(`task ${task} gives ${device} page ${page} after it was dropped for a removal`)
    },
    hmm_range_register: ({ collided }, { range }) => void collided.delete(range),
    'hmm_range_valid.return': ({ collided }, { range, result }) => {
      if (!result) collided.add(range)
    },
    'hmm_range_fault.return': (state, { task, range, start, end, result }, known, tell) => {
      if (result === -EBUSY || result === -EAGAIN) return void state.collided.add(range)
      const mirror = known.rangeUse.byTask.get(task)?.at(-1)?.mirror
      const dropped = state.dropped.get(mirror ?? '')
      const isTaken = [...(dropped?.keys() ?? [])].some((page) => start <= page && page < end)
      if (result === -EFAULT && isTaken && state.collided.has(range))
        tell.exercise('the collision is seen, and the next fault is an error')
    },
  },
})

function devicesOf({ rangeUse }: Known<typeof uses>, mirror: string): string[] {
  return [...rangeUse.mirrorOf].flatMap(([device, own]) => (own === mirror ? [device] : []))
}

/** Pages of [start, end) where a device's page table leads to device memory that is being taken away. */
function deviceMemoryIn(
  { memory, pagemaps }: Known<typeof uses>,
  device: string,
  start: number,
  end: number,
): number[] {
  return [...(memory.device.get(device)?.entries ?? [])].flatMap(([page, { pfn }]) => {
    const owner = start <= page && page < end ? pagemapOf(pagemaps, pfn) : undefined
    return owner && owner.phase !== 'live' ? [page] : []
  })
}
