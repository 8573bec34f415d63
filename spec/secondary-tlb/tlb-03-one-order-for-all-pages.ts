import { contract } from '../contract'
import { areas } from '../facts/areas'
import { contents, historyOf } from '../facts/contents'
import { translations } from '../facts/translations'

/** The newest store that a device has seen, and where. */
interface Newest {
  readonly at: number
  readonly page: number
  readonly value: number
}

/** A device sees stores to different pages in the order in which they were made. */
export const oneOrderForAllPages = contract({
  id: 'TLB-03',
  binds: 'mm',
  says: 'once a device has seen a store to one page it sees no value of another page that was overwritten before that store',
  cites: ['001:384-386', '001:443-446'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { areas, contents, translations },
  /** By device. */
  start: (): Map<string, Newest> => new Map(),
  on: {
    device_access: (newest, { device, name, mm, page, write, value }, known, tell) => {
      const history = historyOf(known, mm, page)
      if (write || !history) return
      const read = history.findIndex((stored) => stored.value === value)
      const before = newest.get(device)
      const overwritten = history[read + 1]?.at ?? Infinity
      if (before && overwritten <= before.at)
        tell.object(
          `${name} reads ${value} at page ${page}, overwritten before ${before.value} was stored at page ${before.page}, which it has read`,
        )
      else if (before && before.page !== page && (history[1]?.at ?? Infinity) <= before.at)
        tell.exercise(
          known.translations.byDevice.get(device)?.shares
            ? "through the CPU's page table"
            : 'through a page table of its own',
        )
      const { at } = history[read]!
      if (at > (before?.at ?? -1)) newest.set(device, { at, page, value })
    },
  },
})
