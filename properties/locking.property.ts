import { lockingContracts } from '../spec/locking/area'
import { everyContractHolds } from './every-contract'

test('every contract of locking holds on every schedule', () =>
  everyContractHolds(lockingContracts))
