import { enumerate } from '../engine/enumerate'
import { kernelFor } from '../harness/campaign'
import { contractsWithIds } from '../harness/registry'
import { parseWorkload, runWorkload } from '../harness/workload'
import { devicesContracts } from '../spec/devices/area'
import { driversContracts } from '../spec/drivers/area'
import { judgeOf } from '../spec/judge'
import { everyContractHolds } from './every-contract'

/** More than there are. */
const schedulesMax = 50_000

test('every contract of drivers holds on every schedule', () =>
  everyContractHolds(driversContracts, 'devices'))

test('every contract of drivers holds where devices work while nobody watches', () =>
  everyContractHolds(driversContracts, 'jobs'))
test('and every contract of drivers and devices where accesses fault', () =>
  everyContractHolds([...driversContracts, ...devicesContracts], 'faults'))

/** What contracts object to in any schedule of so few preemptions, all of which are taken. */
function saidWithin(
  preemptions: number,
  ids: readonly string[],
  [world, tasks]: readonly [string, string],
): string[] {
  const judge = judgeOf(contractsWithIds(ids))
  const kernel = kernelFor(judge, [])
  const workload = parseWorkload(world, tasks)
  const said = new Set<string>()
  const { complete } = enumerate(
    (choice) => runWorkload(kernel, workload, choice),
    preemptions,
    schedulesMax,
    ({ events }) => {
      for (const { objections } of judge.judge(events))
        for (const { says } of objections) said.add(says)
    },
  )
  expect(complete).toBe(true)
  return [...said]
}

/** A pass that began and ended between the look at the object and its binding is seldom met at random. */
test('a GPU that cannot fault binds nothing that an unmapping took meanwhile, within two preemptions', () => {
  const workload = ['2.1.hfi1.radeon', 'munmap_0_1/shared_job_0_1'] as const
  expect(saidWithin(2, ['DRV-01', 'DRV-23'], workload)).toEqual([])
})

/** Reclaim takes the entry and has to leave the page: whoever writes next must find that page again. */
test('a page that a device writes to stays at its address though reclaim tries it, within two preemptions', () => {
  const workload = ['1.0.slow', 'dma_0/reclaim_0+cpu_write_0'] as const
  expect(saidWithin(2, ['DRV-09', 'DRV-12'], workload)).toEqual([])
})
