import { devicesContracts } from '../spec/devices/area'
import { driversContracts } from '../spec/drivers/area'
import { everyContractHolds } from './every-contract'

test('every contract of drivers holds on every schedule', () =>
  everyContractHolds(driversContracts, 'devices'))

test('every contract of drivers holds where devices work while nobody watches', () =>
  everyContractHolds(driversContracts, 'jobs'))
test('and every contract of drivers and devices where accesses fault', () =>
  everyContractHolds([...driversContracts, ...devicesContracts], 'faults'))
