import fc from 'fast-check'
import { range } from 'lodash'
import { stickyWalk } from '../engine/strategies/sticky'
import { parseWorld } from '../harness/world'
import { runWorkload } from '../harness/workload'
import { hmmContracts } from '../spec/hmm/area'
import { everyContractHolds } from './every-contract'

test('every contract of hmm holds on every schedule', () => everyContractHolds(hmmContracts))

test('alone, a write fault over shared pages succeeds at once, whatever its copies collide with', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(), (pages, seed) => {
      const world = parseWorld(`${pages}.${pages}s.gpu`)
      const ops = range(pages).map((page) => `device_write ${page}`)
      const kernel = { patches: [], listens: new Set(['hmm_range_fault', 'device_access']) }
      const { events, end } = runWorkload(
        kernel,
        { world, tasks: [{ name: 'cpu0', ops }] },
        stickyWalk(seed),
      )
      expect(end.kind).toBe('done')
      const written = events
        .filter(({ symbol, phase }) => symbol === 'device_access' && phase === 'call')
        .map(({ page }) => page)
      expect(written).toEqual(range(pages))
      const attempts = events.filter(
        ({ symbol, phase }) => symbol === 'hmm_range_fault' && phase === 'call',
      )
      expect(attempts.length).toBeLessThanOrEqual(2 * pages)
    }),
  )
})
