import { contract } from '../contract'
import { flushes, lossInSection, untold } from '../facts/flushes'
import { isSameForReaders, merges } from '../facts/merges'
import { mirrors } from '../facts/mirrors'
import { ZERO_PFN } from '../headers/types'

/** The CPU cannot write the new page while a device still reads the old one. */
export const toldBetweenClearAndSet = contract({
  id: 'TLB-02',
  binds: 'mm',
  says: 'an entry that gets another page under the page table lock is cleared, secondary TLBs are told, and only then it is set',
  cites: ['001:378-382', '001:384-386'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { flushes, merges, mirrors },
  on: {
    set_pte_at: (_state, event, { flushes, mirrors, merges }, tell) => {
      const { task, mm, page, pfn } = event
      const lost = lossInSection(flushes, task, mm, page)
      if (!lost || lost.huge || lost.pfn === pfn) return
      if (isSameForReaders(merges, event, lost.pfn)) return
      const [mn] = untold(lost, mirrors)
      if (mn !== undefined)
        tell.object(
          `page ${page} of ${mm} gets pfn ${pfn} for pfn ${lost.pfn} before ${mn} is told`,
        )
      else if (lost.told !== null)
        tell.exercise(`another page for ${lost.pfn === ZERO_PFN ? 'the page of zeros' : 'a page'}`)
    },
  },
})
