import { contract } from '../contract'
import { contents } from '../facts/contents'
import { eachOf } from '../facts/huge'
import { pins } from '../facts/pins'

interface Copies {
  /** Addresses whose entry a task has cleared while it holds the page table lock: it makes a copy. */
  readonly copying: Map<number, ReadonlySet<string>>
  /** When an address got a copy last. */
  readonly made: Map<string, number>
}

/** A driver that holds the page may do without the end of passes for reclaim and migration. */
export const pinsKeepAddresses = contract({
  id: 'DRV-12',
  binds: 'mm',
  says: 'while somebody holds the page of an address, reclaim and migration do not let the address have another one',
  cites: ['002:3823-3836'],
  minimum: { exercised: 30, witnesses: 1 },
  uses: { contents, pins },
  start: (): Copies => ({ copying: new Map(), made: new Map() }),
  on: {
    'ptep_clear_flush.return': ({ copying }, { task, mm, page }) =>
      void copying.set(task, new Set([`${mm} ${page}`])),
    'pmdp_huge_clear_flush.return': ({ copying }, event) => {
      const pages = eachOf(event).map(({ mm, page }) => `${mm} ${page}`)
      copying.set(event.task, new Set(pages))
    },
    spin_unlock: ({ copying }, { task, name }) => {
      if (name === 'page_table_lock') copying.delete(task)
    },
    set_pte_at: ({ copying, made }, { task, mm, page, pfn, at }, { contents, pins }, tell) => {
      const { changed, given, truncated } = contents
      // What the process does to its own addresses is its own business (002:3804-3807).
      if (truncated || given.has(mm) || changed.get(mm)?.has(page)) return
      if (copying.get(task)?.has(`${mm} ${page}`)) return void made.set(`${mm} ${page}`, at)
      for (const pin of pins.held) {
        if (pin.mm !== mm || pin.page !== page) continue
        // A copy on write has parted them, and nobody else.
        if ((made.get(`${mm} ${page}`) ?? -1) > pin.since) continue
        if (pin.pfn === pfn) tell.exercise('found again')
        else tell.object(`page ${page} of ${mm} gets pfn ${pfn} while pfn ${pin.pfn} is held`)
      }
    },
  },
})
