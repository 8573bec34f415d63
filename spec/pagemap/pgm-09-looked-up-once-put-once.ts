import { contract, type Tell } from '../contract'
import { lookupsOf, pagemaps, type Pagemaps } from '../facts/pagemaps'

/** Pages for which each task has been told again what it holds already, since it looked up. */
type Kept = Map<number, number>

/** Putting what is still used lets the removal end too early; never putting it keeps the removal from ending. */
export const lookedUpOncePutOnce = contract({
  id: 'PGM-09',
  binds: 'mm',
  says: 'a pagemap that was looked up is put exactly once, and at the latest when the walk of its PMD is over, which may use it for every page',
  cites: ['003:1'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { pagemaps },
  start: (): Kept => new Map(),
  on: {
    'get_dev_pagemap.return': (kept, { task, pgmap, result }) => {
      if (result === 'NULL') return
      kept.set(task, result === pgmap ? (kept.get(task) ?? 0) + 1 : 0)
    },
    put_dev_pagemap: (kept, { task, pgmap }, { pagemaps }, tell) => {
      // The fact has counted this one.
      if (lookupsOf(pagemaps, task, pgmap) < 0)
        tell.object(`task ${task} puts ${pgmap}, which it does not hold`)
      else tell.exercise(kept.get(task) ? 'used for several pages' : 'used for one page')
    },
    'walk_pmd_pagemaps.return': (_kept, { task }, { pagemaps }, tell) =>
      mustHoldNone(pagemaps, task, 'the walk of a PMD', tell),
    'operation.return': (_kept, { task, text }, { pagemaps }, tell) =>
      mustHoldNone(pagemaps, task, `"${text}"`, tell),
  },
})

function mustHoldNone({ lookups }: Pagemaps, task: number, what: string, tell: Tell): void {
  for (const [pgmap, count] of lookups.get(task) ?? [])
    if (count > 0) tell.object(`task ${task} still holds ${pgmap} when ${what} is over`)
}
