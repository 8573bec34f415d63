import { pagemapContracts } from '../spec/pagemap/area'
import { everyContractHolds } from './every-contract'

test('every contract of device memory holds on every schedule', () =>
  everyContractHolds(pagemapContracts, 'pagemap'))
