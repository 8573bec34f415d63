import { blockableContracts } from '../spec/blockable/area'
import { everyContractHolds } from './every-contract'

test('every contract of blockable holds on every schedule', () =>
  everyContractHolds(blockableContracts))
