import { contract } from '../contract'
import { memory } from '../facts/memory'
import { pagemaps } from '../facts/pagemaps'
import { usersOf } from '../facts/pagemap-users'
import { pins } from '../facts/pins'

/** Waiting for less than the bias never ends, and for more ends too early. */
export const drainedMeansIdle = contract({
  id: 'PGM-11',
  binds: 'mm',
  says: 'a removal has waited long enough exactly when each page has only the reference that it has while nobody uses it',
  cites: ['003:1'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { memory, pagemaps, pins },
  /** Pagemaps that are waited for, and whether somebody used one when that began. */
  start: (): Map<string, boolean> => new Map(),
  on: {
    dev_pagemap_cleanup: (waiting, { pgmap }, known) => {
      const pagemap = known.pagemaps.byId.get(pgmap)
      waiting.set(pgmap, pagemap !== undefined && usersOf(known, pagemap).length > 0)
    },
    'dev_pagemap_cleanup.return': (waiting, { pgmap }, known, tell) => {
      const pagemap = known.pagemaps.byId.get(pgmap)
      const [user] = pagemap ? usersOf(known, pagemap) : []
      if (user !== undefined) tell.object(`${pgmap} is not waited for any longer although ${user}`)
      else tell.exercise(waiting.get(pgmap) ? 'the last user went' : 'nobody used it')
      waiting.delete(pgmap)
    },
    run_end: (waiting, { kind }, known, tell) => {
      if (kind !== 'deadlock' && kind !== 'livelock') return
      for (const pgmap of waiting.keys()) {
        const pagemap = known.pagemaps.byId.get(pgmap)
        if (pagemap && usersOf(known, pagemap).length === 0)
          tell.object(`${pgmap} is waited for, and nobody uses it`)
      }
    },
  },
})
