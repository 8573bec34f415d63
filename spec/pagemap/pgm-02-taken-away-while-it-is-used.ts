import { contract } from '../contract'
import { memory } from '../facts/memory'
import { pagemaps } from '../facts/pagemaps'
import { usersOf } from '../facts/pagemap-users'
import { pins } from '../facts/pins'

/** Nobody may count on a removal to come when all is unmapped. */
export const takenAwayWhileItIsUsed = contract({
  id: 'PGM-02',
  kind: 'adversary',
  binds: 'mm',
  says: 'a pagemap is taken away while its pages are mapped or held, and the removal is over in the end',
  cites: ['003:1'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { memory, pagemaps, pins },
  /** Who used each pagemap when its removal began. */
  start: (): Map<string, readonly string[]> => new Map(),
  on: {
    devm_munmap_pages: (users, { pgmap }, known) => {
      const pagemap = known.pagemaps.byId.get(pgmap)
      if (pagemap) users.set(pgmap, usersOf(known, pagemap))
    },
    'devm_munmap_pages.return': (users, { pgmap }, _known, tell) => {
      const before = users.get(pgmap) ?? []
      if (before.some((user) => user.startsWith('page'))) tell.exercise('mapped')
      if (before.some((user) => user.startsWith('task'))) tell.exercise('held')
    },
  },
})
