import { contract } from '../contract'
import { cpuEntry, memory } from '../facts/memory'

/** What a device writes lands in the page that it was once told, whatever that page is now. */
export const deviceWritesAreReal = contract({
  id: 'DEV-12',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device writes to a page that is no longer at that address, and the page changes',
  cites: ['001:375-376'],
  minimum: { exercised: 10, witnesses: 1 },
  uses: { memory },
  /** What each page frame held when it was last used. */
  start: (): Map<number, number> => new Map(),
  on: {
    cpu_access: (values, { pfn, value }) => void values.set(pfn, value),
    device_access: (values, { mm, page, pfn, write, value }, { memory }, tell) => {
      const changed = values.get(pfn) !== value
      values.set(pfn, value)
      if (write && changed && cpuEntry(memory, mm, page)?.pfn !== pfn)
        tell.exercise('through a translation that the CPU has lost')
    },
  },
})
