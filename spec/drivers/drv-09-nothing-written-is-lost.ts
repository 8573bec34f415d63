import { contract } from '../contract'
import { areas } from '../facts/areas'
import { contents, historyOf } from '../facts/contents'

/** Reclaim and migration are nobody's business: a page that the kernel moved reads as it was left. */
export const nothingWrittenIsLost = contract({
  id: 'DRV-09',
  binds: 'mm',
  says: 'a CPU reads what a CPU or a device has stored last at an address, wherever the kernel has moved it since',
  cites: ['002:3804-3810'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { areas, contents },
  on: {
    cpu_access: (_state, { mm, page, pfn, write, value }, known, tell) => {
      const history = historyOf(known, mm, page)
      if (write || !history) return
      const last = history.at(-1)!
      if (value !== last.value)
        tell.object(
          `a CPU reads ${value} at page ${page} of ${mm} where ${last.by} stored ${last.value} since`,
        )
      else if (last.by !== 'nobody')
        tell.exercise(`${last.by} stored it${last.pfn === pfn ? '' : ', and it was moved'}`)
    },
  },
})
