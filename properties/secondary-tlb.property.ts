import { devicesContracts } from '../spec/devices/area'
import { secondaryTlbContracts } from '../spec/secondary-tlb/area'
import { everyContractHolds } from './every-contract'

test.each(['devices', 'pages'] as const)(
  'every contract of secondary TLBs holds on every schedule of what is about %s',
  (topic) => everyContractHolds([...secondaryTlbContracts, ...devicesContracts], topic),
)
