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

/** A pass that began and ended between the look at the object and its binding is seldom met at random. */
test('a GPU that cannot fault binds nothing that an unmapping took meanwhile, within two preemptions', () => {
  const judge = judgeOf(contractsWithIds(['DRV-01', 'DRV-23']))
  const kernel = kernelFor(judge, [])
  const workload = parseWorkload('2.1.hfi1.radeon', 'munmap_0_1/shared_job_0_1')
  const said: string[] = []
  const { complete } = enumerate(
    (choice) => runWorkload(kernel, workload, choice),
    2,
    schedulesMax,
    ({ events }) => {
      for (const { objections } of judge.judge(events))
        said.push(...objections.map(({ says }) => says))
    },
  )
  expect(complete).toBe(true)
  expect(said).toEqual([])
})
