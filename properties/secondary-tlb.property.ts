import { devicesContracts } from '../spec/devices/area'
import { secondaryTlbContracts } from '../spec/secondary-tlb/area'
import { everyContractHolds } from './every-contract'

test('every contract of secondary TLBs holds on every schedule', () =>
  everyContractHolds([...secondaryTlbContracts, ...devicesContracts], 'devices'))
