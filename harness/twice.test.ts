import { keepRunning } from '../engine/choice'
import { replace, type Patch } from '../engine/symbol'
import { point } from '../engine/task'
import { spin_lock } from '../spec/headers/locking'
import { kernelObservingAll, runCampaign } from './campaign'
import { contractsMatching } from './registry'
import { reportOf } from './report'
import { difference, oneRunIn } from './twice'
import { parseWorkload, runWorkload } from './workload'

const contracts = contractsMatching('MMN-03,LCK-07')
const schedules = 3 * oneRunIn

/** Locks that take one step more whenever `now` says so. */
function hesitating(now: () => boolean): Patch {
  return replace(spin_lock, function* (lock) {
    if (now()) yield* point('hesitate')
    yield* spin_lock.original(lock)
  })
}

function reportFor(patches: readonly Patch[]) {
  const campaign = runCampaign({ contracts, patches, seed: 1, schedules })
  return reportOf({
    ...{ implementation: 'planted', seed: 1, campaign, counterexamples: [] },
    ...{ tokens: new Map(), regressions: [], elapsedMs: 0 },
  })
}

test('the reference goes the same way when a run is taken again', () => {
  const { repeated, ends } = reportFor([])
  expect({ repeated, ends }).toEqual({ repeated: 3, ends: [] })
})

let calls = 0
test.each([
  ['chance', () => Math.random() < 0.5],
  ['state that outlives a run', () => calls++ % 7 === 0],
])('an implementation that depends on %s has no verdict that stands', (_what, now) => {
  const { repeated, ends, contracts } = reportFor([hesitating(now)])
  expect(repeated).toBe(3)
  expect(ends.map(({ kind }) => kind)).toEqual(['nondeterminism'])
  expect(ends[0]!.count).toBeGreaterThan(0)
  expect(ends[0]!.says).toMatch(
    /^the same choices, taken again, lead to other events: event \d+ was .+ in step \d+, and then /,
  )
  expect(contracts.map(({ verdict }) => verdict)).toEqual(['NONDETERMINISTIC', 'NONDETERMINISTIC'])
})

test('what differs is named: the first event, else the first step', () => {
  const workload = parseWorkload('1.1.gpu', 'device_fault_0/reclaim_0')
  const execution = runWorkload(kernelObservingAll([]), workload, keepRunning)
  const { events, steps } = execution
  expect(difference(execution, execution)).toBe(null)
  expect(difference(execution, { ...execution, events: events.slice(0, -1) })).toContain(
    `event ${events.length - 1} was run_end of task -1 in step ${steps.length - 1}, and then missing`,
  )
  const otherStep = steps.with(4, { ...steps[4]!, op: 99 })
  expect(difference(execution, { ...execution, steps: otherStep })).toContain(
    'other steps from step 4 on',
  )
  expect(difference(execution, { ...execution, widths: [7] })).toContain('other steps')
})
