import { contract } from '../contract'
import { contents } from '../facts/contents'
import { eachOf } from '../facts/huge'
import { pins } from '../facts/pins'

interface Copies {
  /** Addresses whose entry a task has cleared while it holds the page table lock: it makes a copy. */
  readonly copying: Map<number, ReadonlySet<string>>
  /** When an address got a copy last. */
  readonly made: Map<string, number>
  /** Tasks that set a breakpoint, and when an address got one last. */
  readonly setting: Set<number>
  readonly breakpoints: Map<string, number>
}

/**
 * A driver that holds the page may do without the end of passes for reclaim and migration. Who holds it to write to it
 * keeps the address unless the process forks or has a breakpoint set: no copy is made of what nobody else has.
 */
export const pinsKeepAddresses = contract({
  id: 'DRV-12',
  binds: 'mm',
  says: 'while somebody holds the page of an address, reclaim and migration do not let the address have another one, nor does a copy if it is held to be written to',
  cites: ['002:3823-3836'],
  minimum: { exercised: 30, witnesses: 1 },
  uses: { contents, pins },
  start: (): Copies => ({
    copying: new Map(),
    made: new Map(),
    setting: new Set(),
    breakpoints: new Map(),
  }),
  on: {
    'ptep_clear_flush.return': ({ copying }, { task, mm, page }) =>
      void copying.set(task, new Set([`${mm} ${page}`])),
    'pmdp_huge_clear_flush.return': ({ copying }, event) => {
      const pages = eachOf(event).map(({ mm, page }) => `${mm} ${page}`)
      copying.set(event.task, new Set(pages))
    },
    uprobe_write_opcode: ({ setting }, { task }) => void setting.add(task),
    'uprobe_write_opcode.return': ({ setting }, { task }) => void setting.delete(task),
    spin_unlock: ({ copying }, { task, name }) => {
      if (name === 'page_table_lock') copying.delete(task)
    },
    set_pte_at: (state, { task, mm, page, pfn, at }, { contents, pins }, tell) => {
      const { copying, made, setting, breakpoints } = state
      const { changed, given, truncated } = contents
      const key = `${mm} ${page}`
      // What the process does to its own addresses is its own business (002:3804-3807).
      if (truncated || given.has(mm) || changed.get(mm)?.has(page)) return
      if (copying.get(task)?.has(key)) made.set(key, at)
      if (setting.has(task)) breakpoints.set(key, at)
      for (const pin of pins.held) {
        if (pin.mm !== mm || pin.page !== page) continue
        // A copy on write parts those who only read; a breakpoint, everybody.
        if (((pin.write ? breakpoints : made).get(key) ?? -1) > pin.since) continue
        if (pin.pfn === pfn) tell.exercise('found again')
        else tell.object(`page ${page} of ${mm} gets pfn ${pfn} while pfn ${pin.pfn} is held`)
      }
    },
  },
})
