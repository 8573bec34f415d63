/** What memory management promises of itself: nothing leaks, and memory keeps what was written to it. */
import fc from 'fast-check'
import { replace, type Patch } from '../engine/symbol'
import { stickyWalk } from '../engine/strategies/sticky'
import { unaccounted } from '../harness/accounts'
import { sampleWorkloads, workloads } from '../harness/arbitrary'
import { runWorkload } from '../harness/workload'
import { delete_from_page_cache } from '../reference/mm/filemap'
import { swap_free } from '../reference/mm/swap'

const runs = 600
const seed = 3

test.each(['kernel', 'pagemap', 'faults', 'pages', 'devices', 'jobs'] as const)(
  "when a run about %s is over every page and every swap slot is somebody else's or free",
  (topic) => {
    const kernel = { patches: [], listens: new Set<string>() }
    fc.assert(
      fc.property(workloads[topic], fc.nat(), (generated, seed) => {
        const { end } = runWorkload(kernel, generated, stickyWalk(seed))
        expect(end.kind).toBe('done')
        expect(unaccounted()).toEqual([])
      }),
      { numRuns: runs, endOnFailure: true },
    )
  },
)

/** How many of some runs leave memory unaccounted for. */
function leakingRuns(patches: readonly Patch[]): number {
  const kernel = { patches, listens: new Set<string>() }
  return sampleWorkloads(seed, runs).filter((generated, n) => {
    runWorkload(kernel, generated, stickyWalk(n))
    return unaccounted().length > 0
  }).length
}

test('a swap slot that is never free and a page that is never put are noticed', () => {
  expect(leakingRuns([replace(swap_free, function* () {})])).toBeGreaterThan(0)
  const forgetsTheFile = replace(delete_from_page_cache, function* (mapping, page) {
    mapping.i_pages.delete(page.index)
    page.mapping = null
  })
  expect(leakingRuns([forgetsTheFile])).toBeGreaterThan(0)
})
