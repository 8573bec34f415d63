import { contract } from '../contract'
import { pagemapOf, pagemaps } from '../facts/pagemaps'

/** An answer that went by way of the pagemap could come from one that is freed. */
export const askedWhileItGoes = contract({
  id: 'PGM-12',
  kind: 'adversary',
  binds: 'mm',
  says: 'somebody without a reference to its pagemap asks whether a page is device memory while that is taken away, and when it is gone',
  cites: ['003:1'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { pagemaps },
  /** Frames that have been device memory. */
  start: (): Set<number> => new Set(),
  on: {
    __init_zone_device_page: (frames, { pfn }) => void frames.add(pfn),
    is_zone_device_page: (frames, { pfn }, { pagemaps }, tell) => {
      const owner = pagemapOf(pagemaps, pfn)
      if (!owner && frames.has(pfn)) tell.exercise('when it is gone')
      else if (owner && owner.phase !== 'live') tell.exercise('while it is taken away')
    },
  },
})
