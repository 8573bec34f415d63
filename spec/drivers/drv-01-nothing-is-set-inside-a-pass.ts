import { contract } from '../contract'
import { deviceOwners, hasTaken } from '../facts/device-owners'
import { memory } from '../facts/memory'
import { intersects, passes } from '../facts/passes'

interface Entries {
  /** Entries of devices that no callback has cleared, by device and page. */
  readonly set: Set<string>
  /** Those that a callback has cleared. */
  readonly cleared: Set<string>
}

/** Who does not know which invalidations are open gives a device what is about to be somebody else's. */
export const nothingIsSetInsideAPass = contract({
  id: 'DRV-01',
  binds: 'driver',
  says: 'from the success of its callback to the end of the pass a driver has no entry of the range in its device, and sets none',
  cites: ['002:2928-2930', '000:6803-6805'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { deviceOwners, memory, passes },
  start: (): Entries => ({ set: new Set(), cleared: new Set() }),
  on: {
    device_pte_set: ({ set, cleared }, { device, name, mm, page, pfn }, known, tell) => {
      const key = `${device} ${page}`
      const at = { start: page, end: page + 1 }
      const owner = known.deviceOwners.get(device)
      set.add(key)
      for (const pass of known.passes.live) {
        if (pass.mm !== mm || !hasTaken(pass, owner)) continue
        if (intersects(pass, at))
          tell.object(
            `${name} gets pfn ${pfn} at page ${page} inside ${pass.pass} over [${pass.start}, ${pass.end}), to which its driver has agreed`,
          )
        else tell.exercise('set beside an open pass')
      }
      if (cleared.delete(key)) tell.exercise('set again after the pass')
    },
    device_pte_clear: ({ set, cleared }, { device, start, end }) => {
      for (const key of set) {
        const [of, page] = key.split(' ')
        if (of !== device || Number(page) < start || Number(page) >= end) continue
        set.delete(key)
        cleared.add(key)
      }
    },
    'invalidate_range_start.return': ({ cleared }, event, { deviceOwners, memory }, tell) => {
      const { mn, pass, mm, start, end, result } = event
      if (result !== 0) return
      for (const [device, table] of memory.device) {
        if (table.mm !== mm || deviceOwners.get(device) !== mn) continue
        for (let page = start; page < end; page++) {
          if (table.entries.has(page))
            tell.object(`${device} keeps page ${page} when its driver has agreed to ${pass}`)
          else if (cleared.has(`${device} ${page}`)) tell.exercise('cleared by the callback')
        }
      }
    },
  },
})
