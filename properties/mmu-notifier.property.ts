import { reachedIn } from './reachability'
import { mmuNotifierContracts } from '../spec/mmu-notifier/area'
import { everyContractHolds } from './every-contract'

test('every contract of mmu-notifier holds on every schedule', () =>
  everyContractHolds(mmuNotifierContracts))

test('a callback is reached on a notifier whose unregister_no_release has returned', () => {
  expect(reachedIn(600, 'MMN-11')).toBeGreaterThan(0)
})
