import { contract } from '../contract'
import { cpuEntry, memory } from '../facts/memory'
import { translationOf, translations } from '../facts/translations'

/** That an entry of the CPU's page table changes tells a device nothing. */
export const nothingIsForgotten = contract({
  id: 'DEV-02',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device uses a translation whose entry in the page table of the CPU is gone or is another, as nobody has told it',
  cites: ['001:443-444'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { memory, translations },
  on: {
    device_access: (_state, { device, mm, page, pfn }, { memory, translations }, tell) => {
      const used = translationOf(translations, device, page)
      const entry = cpuEntry(memory, mm, page)
      if (!entry) tell.exercise('the entry is gone')
      else if (used && (entry.pfn !== pfn || (used.write && !entry.write)))
        tell.exercise(entry.pfn === pfn ? 'the entry is read-only' : 'the entry has another page')
    },
  },
})
