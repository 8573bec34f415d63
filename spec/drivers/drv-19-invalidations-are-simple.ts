import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { dmaJobs, meetsBuffer } from '../facts/dma-jobs'

/** Who holds the pages of what is under way need not wait for it. */
export const invalidationsAreSimple = contract({
  id: 'DRV-19',
  level: 'SHOULD',
  binds: 'driver',
  says: 'the start callback of a registration cache takes no lock that sleeps and waits for nothing, whatever the device does',
  cites: ['002:3284-3285', '002:2366-2367'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks, dmaJobs },
  /** Notifiers of registration caches. */
  start: () => new Set<string>(),
  on: {
    dma_map: (caches, { mn }) => void caches.add(mn),
    might_sleep: (caches, { task }, { callbacks }, tell) => {
      const inside = callbacksOf(callbacks, task).at(-1)
      if (inside?.op === 'start' && caches.has(inside.on))
        tell.object(`the start of ${inside.on} may sleep`)
    },
    'invalidate_range_start.return': (caches, { mn, start, end }, { dmaJobs }, tell) => {
      if (!caches.has(mn)) return
      const used = [...dmaJobs.buffers.values()].some(
        (buffer) => buffer.jobs.size > 0 && meetsBuffer(buffer, mn, start, end),
      )
      tell.exercise(used ? 'the device goes on' : 'nothing is under way')
    },
  },
})
