import fc from 'fast-check'
import { replace } from '../engine/symbol'
import { stickyWalk } from '../engine/strategies/sticky'
import { workloads } from '../harness/arbitrary'
import { kernelObservingAll } from '../harness/campaign'
import { runWorkload } from '../harness/workload'
import { blockableContracts } from '../spec/blockable/area'
import { might_sleep, non_block_end, non_block_start, schedule_debug } from '../spec/headers/sched'
import { everyContractHolds } from './every-contract'

test('every contract of blockable holds on every schedule', () =>
  everyContractHolds(blockableContracts))

/** The kernel without CONFIG_DEBUG_ATOMIC_SLEEP (002:230-231). */
const withoutDebugging = [
  replace(might_sleep, () => undefined),
  replace(schedule_debug, () => undefined),
  replace(non_block_start, () => undefined),
  replace(non_block_end, () => undefined),
]
const ofDebugging = new Set(['debug_report', '__warn'])

test('what happens is the same with and without the checks that sleeping is allowed', () => {
  const [checked, unchecked] = [kernelObservingAll([]), kernelObservingAll(withoutDebugging)]
  let reports = 0
  fc.assert(
    fc.property(workloads.kernel, fc.nat(), (generated, seed) => {
      const outcome = (kernel: typeof checked) => {
        const { events, end, steps } = runWorkload(kernel, generated, stickyWalk(seed))
        reports += events.filter(({ symbol }) => symbol === 'debug_report').length
        const seen = events.filter(({ symbol }) => !ofDebugging.has(symbol))
        const told = seen.map(({ at: _at, entry: _entry, ...rest }) => JSON.stringify(rest))
        return { told, end: end.kind, options: steps.map(({ option }) => option) }
      }
      expect(outcome(unchecked)).toEqual(outcome(checked))
    }),
    { numRuns: 100, endOnFailure: true },
  )
  expect(reports).toBeGreaterThan(0)
})
