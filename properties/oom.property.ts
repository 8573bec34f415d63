import { oomContracts } from '../spec/oom/area'
import { everyContractHolds } from './every-contract'
import { reachedIn } from './reachability'

test('every contract of oom holds on every schedule', () => everyContractHolds(oomContracts))

test('the reaper is preempted, and refused where memory is not short', () => {
  expect(reachedIn(600, 'OOM-07')).toBeGreaterThan(0)
  expect(reachedIn(600, 'OOM-08')).toBeGreaterThan(0)
})
