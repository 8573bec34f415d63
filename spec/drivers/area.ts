/** The contracts of drivers, by how coherent they keep their devices with the CPU. */
import type { Contract, Unjudged } from '../contract'
import { nothingIsSetInsideAPass } from './drv-01-nothing-is-set-inside-a-pass'
import { accessesInsideAPassFault } from './drv-02-accesses-inside-a-pass-fault'
import { heldWhileTheDeviceWrites } from './drv-03-held-while-the-device-writes'
import { invalidationsEmptyTheCache } from './drv-04-invalidations-empty-the-cache'
import { whatTheProcessHasThen } from './drv-05-what-the-process-has-then'
import { onlyOldPagesAreHarmed } from './drv-06-only-old-pages-are-harmed'
import { orphanedNotFenced } from './drv-07-orphaned-not-fenced'
import { pinnedPagesDoNotMove } from './drv-08-pinned-pages-do-not-move'
import { nothingWrittenIsLost } from './drv-09-nothing-written-is-lost'
import { startsWaitForJobs } from './drv-10-starts-wait-for-jobs'
import { pinsKeepAddresses } from './drv-12-pins-keep-addresses'
import { validatedBeforeEachJob } from './drv-13-validated-before-each-job'
import { mirrorsNeedFaults } from './drv-14-mirrors-need-faults'
import { oneFileTwoAddressSpaces } from './drv-16-one-file-two-address-spaces'
import { invalidationsAreSimple } from './drv-19-invalidations-are-simple'
import { batchesAreFoundAgain } from './drv-23-batches-are-found-again'
import { readersMaySeeOldPages } from './drv-24-readers-may-see-old-pages'
import { theProcesssOwnRaces } from './drv-25-the-processs-own-races'
import { nothingOutlivesTheAddressSpace } from './drv-27-nothing-outlives-the-address-space'

export const driversContracts: readonly Contract[] = [
  nothingIsSetInsideAPass,
  accessesInsideAPassFault,
  heldWhileTheDeviceWrites,
  invalidationsEmptyTheCache,
  whatTheProcessHasThen,
  onlyOldPagesAreHarmed,
  orphanedNotFenced,
  pinnedPagesDoNotMove,
  nothingWrittenIsLost,
  startsWaitForJobs,
  pinsKeepAddresses,
  validatedBeforeEachJob,
  mirrorsNeedFaults,
  oneFileTwoAddressSpaces,
  invalidationsAreSimple,
  batchesAreFoundAgain,
  readersMaySeeOldPages,
  theProcesssOwnRaces,
  nothingOutlivesTheAddressSpace,
]

export const driversUnjudged: readonly Unjudged[] = [
  {
    id: 'DRV-11',
    says: 'what a callback waits for depends on hardware alone, not on what another thread must get done first',
    cites: ['002:2891-2894'],
    sameAs: 'LCK-21',
  },
  {
    id: 'DRV-15',
    says: 'a fault on memory that the process has does not fail for good because it was disturbed again and again',
    cites: ['000:4501-4504'],
    sameAs: 'HMM-24',
  },
  {
    id: 'DRV-17',
    says: 'a driver whose callbacks never block counts the passes that are open, and a fault that met one tries again',
    cites: ['004:32-42', '000:6807-6809'],
    sameAs: 'DRV-01',
  },
  {
    id: 'DRV-18',
    says: 'the start of an ODP driver tries its mutex where it must not block and refuses if it is taken, and else waits for it',
    cites: ['004:44-55', '004:74-75'],
    sameAs: 'BLK-18',
  },
  {
    id: 'DRV-20',
    says: 'a driver of a GPU that cannot fault is judged by the fences that its starts wait for, not by what its mirror calls valid',
    cites: ['002:3939-3941', '002:3118-3119'],
    sameAs: 'DRV-10',
  },
  {
    id: 'DRV-21',
    says: 'the release of a mirror neither registers nor unregisters one',
    cites: ['000:6691-6693'],
    sameAs: 'HMM-26',
  },
  {
    id: 'DRV-22',
    says: 'a driver sees to it itself that it unregisters a mirror once',
    cites: ['000:969-970'],
    sameAs: 'LIF-18',
  },
  {
    id: 'DRV-26',
    says: 'a driver that updates the page table of its device waits for the acknowledgement before it agrees to a pass',
    cites: ['002:3862-3865'],
    sameAs: 'MMN-02',
  },
]
