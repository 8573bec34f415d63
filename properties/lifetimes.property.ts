import { lifetimesContracts } from '../spec/lifetimes/area'
import { everyContractHolds } from './every-contract'

test('every contract of lifetimes holds on every schedule', () =>
  everyContractHolds(lifetimesContracts))
