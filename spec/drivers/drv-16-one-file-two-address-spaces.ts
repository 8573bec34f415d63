import { contract } from '../contract'
import { intersects } from '../facts/passes'
import { translations } from '../facts/translations'

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
      const { mm, start, end } = pass
      const devices = [...translations.byDevice.values()].map(({ name, mm, entries }) => ({
        ...{ name, mm },
        pages: [...entries.keys()].filter((page) =>
          intersects({ start, end }, { start: page, end: page + 1 }),
        ),
      }))
      for (const own of devices.filter((device) => device.mm === mm))
        for (const other of devices)
          if (other.name === own.name && other.mm !== mm && other.pages.length > 0)
            tell.exercise(own.pages.length > 0 ? 'both have it' : 'only the other has it')
    },
  },
})
