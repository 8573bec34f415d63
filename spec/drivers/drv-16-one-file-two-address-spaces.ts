import { contract } from '../contract'
import { translations, type Device } from '../facts/translations'

/** A file is no address space: whoever inherits it uses it too, at the same addresses. The suite must reach that. */
export const oneFileTwoAddressSpaces = contract({
  id: 'DRV-16',
  kind: 'adversary',
  binds: 'driver',
  says: 'a pass takes pages of one address space from a device that has the same addresses of another one, through the same open file',
  cites: ['000:6591-6593'],
  minimum: { exercised: 10, witnesses: 2 },
  uses: { translations },
  on: {
    __mmu_notifier_invalidate_range_start: (_state, pass, { translations }, tell) => {
      const devices = [...translations.byDevice.values()]
      for (const own of devices) {
        if (own.mm !== pass.mm) continue
        for (const other of devices) {
          if (other.name !== own.name || other.mm === own.mm || !hasOf(other, pass)) continue
          tell.exercise(hasOf(own, pass) ? 'both have it' : 'only the other has it')
        }
      }
    },
  },
})

/** Whether a device can translate a page of a pass, whatever address space it is of. */
function hasOf({ entries }: Device, { start, end }: { start: number; end: number }): boolean {
  return [...entries.keys()].some((page) => start <= page && page < end)
}
