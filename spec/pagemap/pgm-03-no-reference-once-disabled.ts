import { contract } from '../contract'
import { isDisabled, lookupsOf, pagemapOf, pagemaps } from '../facts/pagemaps'

interface Asking {
  /** What each task was doing when it began to look up, by task: innermost last. */
  readonly inside: Map<number, string[]>
  /** Tasks whose lookup began when new references were refused. */
  readonly late: Set<number>
}

/** Whoever got one could map the page again, and the waiting would never end. */
export const noReferenceOnceDisabled = contract({
  id: 'PGM-03',
  binds: 'mm',
  says: 'once a pagemap is disabled no lookup finds it, and nobody takes a reference to a page of it who had not looked it up before',
  cites: ['003:1'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { pagemaps },
  start: (): Asking => ({ inside: new Map(), late: new Set() }),
  on: {
    handle_mm_fault: (state, { task }) => enter(state, task, 'a fault'),
    'handle_mm_fault.return': (state, { task }) => leave(state, task),
    get_user_pages: (state, { task }) => enter(state, task, 'get_user_pages'),
    'get_user_pages.return': (state, { task }) => leave(state, task),
    walk_pmd_pagemaps: (state, { task }) => enter(state, task, 'a walk'),
    'walk_pmd_pagemaps.return': (state, { task }) => leave(state, task),
    get_dev_pagemap: ({ late }, { task, pfn }, { pagemaps }) => {
      const owner = pagemapOf(pagemaps, pfn)
      if (owner && isDisabled(owner)) late.add(task)
    },
    'get_dev_pagemap.return': ({ inside, late }, { task, pfn, pgmap, result }, _known, tell) => {
      if (!late.delete(task)) return
      // Its own reference, from before, is what it is told again.
      if (result !== 'NULL' && result !== pgmap)
        tell.object(`task ${task} finds ${result} for pfn ${pfn} although it is disabled`)
      else tell.exercise(inside.get(task)?.at(-1) ?? 'somebody')
    },
    get_page: (_state, { task, pfn }, { pagemaps }, tell) => {
      const owner = pagemapOf(pagemaps, pfn)
      if (owner && isDisabled(owner) && lookupsOf(pagemaps, task, owner.pgmap) === 0)
        tell.object(
          `task ${task} takes a reference to pfn ${pfn} although ${owner.pgmap} is disabled`,
        )
    },
  },
})

function enter({ inside }: Asking, task: number, what: string): void {
  inside.set(task, [...(inside.get(task) ?? []), what])
}

function leave({ inside }: Asking, task: number): void {
  inside.get(task)?.pop()
}
