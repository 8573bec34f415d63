import { invlockContracts } from '../spec/invlock/area'
import { everyContractHolds } from './every-contract'

test('every contract of locks against invalidations holds on every schedule', () =>
  everyContractHolds(invlockContracts, 'devices'))
