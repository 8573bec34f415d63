import { contract, type Tell } from '../contract'
import { cpuEntry, memory } from '../facts/memory'
import { mirrors, type Mirrors } from '../facts/mirrors'
import { openPasses, passes, type Passes } from '../facts/passes'

/** A translation is taken away or repointed only while a pass that covers it is open. */
export const bracketedChanges = contract({
  id: 'MMN-01',
  binds: 'mm',
  says: 'a present entry of an mm with notifiers is removed or repointed only between a successful range_start and its range_end that cover it',
  cites: ['001:401-430', '000:6803-6805', '001:36-38'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { memory, mirrors, passes },
  on: {
    'ptep_clear_flush.return': (_state, { mm, page, result }, known, tell) => {
      if (result >= 0) judge('clears', mm, page, known, tell)
    },
    'pmdp_huge_clear_flush.return': (_state, { mm, page, result }, known, tell) => {
      if (result >= 0) judge('clears', mm, page, known, tell)
    },
    set_pte_at: (_state, { mm, page, pfn }, known, tell) => {
      const old = cpuEntry(known.memory, mm, page)
      if (old && old.pfn !== pfn) judge('repoints', mm, page, known, tell)
    },
  },
})

function judge(
  does: string,
  mm: string,
  page: number,
  { mirrors, passes }: { mirrors: Mirrors; passes: Passes },
  tell: Tell,
): void {
  const notified = [...mirrors.notifiers.values()].filter((notifier) => notifier.mm === mm)
  // On its way out an address space has told everybody before, and nobody is listed.
  if (!notified.some(({ listed }) => listed)) return
  const covering = openPasses(passes, mm).find(({ start, end }) => start <= page && page < end)
  if (!covering)
    tell.object(`the mm ${does} the entry of page ${page} of ${mm} with no pass open over it`)
  else
    tell.exercise(
      `${does}, ${covering.blockable ? 'blockable' : 'non-blockable'}, ${covering.end - covering.start === 1 ? 'one page' : 'several pages'}`,
    )
}
