/** Entries that became read-only and of which secondary TLBs are told later, outside the page table lock. */
import { fact } from '../contract'
import { listedWith, mirrors } from './mirrors'

export interface Downgrade {
  readonly page: number
  readonly task: number
  /** Whether the page table lock was released since. */
  released: boolean
}

export interface Downgrades {
  /** Those that somebody with a secondary TLB has not been told of, by mm. */
  readonly open: Map<string, Downgrade[]>
}

export const downgrades = fact({
  name: 'downgrades',
  uses: { mirrors },
  start: (): Downgrades => ({ open: new Map() }),
  on: {
    'ptep_set_wrprotect.return': ({ open }, { task, mm, page }, { mirrors }) => {
      if (listedWith(mirrors, mm, 'invalidate_range').length === 0) return
      open.set(mm, [...(open.get(mm) ?? []), { page, task, released: false }])
    },
    spin_unlock: ({ open }, { task, name }) => {
      if (name !== 'page_table_lock') return
      for (const downgrade of [...open.values()].flat())
        if (downgrade.task === task) downgrade.released = true
    },
    /** Told or not, with the pass that made it a downgrade is no longer under way. */
    'mmu_notifier_invalidate_range_end.return': ({ open }, { task, mm }) =>
      void open.set(
        mm,
        (open.get(mm) ?? []).filter((downgrade) => downgrade.task !== task),
      ),
  },
})
