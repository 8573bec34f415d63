import { contract, type Known, type Tell } from '../contract'
import { listedWith, mirrors } from '../facts/mirrors'

interface End {
  readonly task: number
  readonly start: number
  readonly end: number
  readonly owed: readonly string[]
  readonly told: Set<string>
}
const uses = { mirrors }

/** The end of a pass empties secondary TLBs, unless its caller did and says so. */
export const endEmptiesSecondaryTlbs = contract({
  id: 'MMN-19',
  binds: 'notifier-core',
  says: 'mmu_notifier_invalidate_range_end calls ->invalidate_range over the whole range on every listed notifier that has it; only_end need not',
  cites: ['001:256-262'],
  minimum: { exercised: 100, witnesses: 3 },
  uses,
  /** Ends under way, by pass. */
  start: () => new Map<string, End>(),
  on: {
    mmu_notifier_invalidate_range_end: (ends, { task, pass, mm, start, end }, { mirrors }) => {
      const owed = listedWith(mirrors, mm, 'invalidate_range')
      ends.set(pass, { task, start, end, owed, told: new Set() })
    },
    invalidate_range: (ends, { task, mn, start, end }) => {
      for (const known of ends.values())
        if (known.task === task && start <= known.start && known.end <= end) known.told.add(mn)
    },
    'mmu_notifier_invalidate_range_end.return': (ends, { pass, mm }, known, tell) => {
      const ended = ends.get(pass)
      ends.delete(pass)
      if (ended) judge(ended, pass, listedWith(known.mirrors, mm, 'invalidate_range'), tell)
    },
    'mmu_notifier_invalidate_range_only_end.return': (_ends, { mm }, { mirrors }, tell) =>
      isOwed(mirrors, mm, tell),
  },
})

function judge({ owed, told, start, end }: End, pass: string, listed: string[], tell: Tell): void {
  for (const mn of owed) {
    if (told.has(mn)) tell.exercise(end - start === 1 ? 'one page' : 'several pages')
    else if (listed.includes(mn))
      tell.object(`${pass} over [${start}, ${end}) ends and ${mn} may keep translations of it`)
  }
}

function isOwed(known: Known<typeof uses>['mirrors'], mm: string, tell: Tell): void {
  if (listedWith(known, mm, 'invalidate_range').length > 0) tell.exercise('told before the end')
}
