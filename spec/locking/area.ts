/** The contracts of locking order, and of what watches over it. */
import type { Contract } from '../contract'
import { mirrorsRegisterUnderMmapSem } from './lck-01-mirrors-register-under-mmap-sem'
import { oneLockForThePointerToHmm } from './lck-02-one-lock-for-the-pointer-to-hmm'
import { oneLockForTheRanges } from './lck-03-one-lock-for-the-ranges'
import { nothingSleepsUnderTheRangesLock } from './lck-04-nothing-sleeps-under-the-ranges-lock'
import { mirrorsUnderTheirLock } from './lck-05-mirrors-under-their-lock'
import { writersHoldBackLaterReaders } from './lck-06-writers-hold-back-later-readers'
import { callbackLockIsALeaf } from './lck-07-callback-lock-is-a-leaf'
import { deviceLocksAreShort } from './lck-08-device-locks-are-short'
import { waitsWithoutDriverLocks } from './lck-09-waits-without-driver-locks'
import { noExclusiveLockOverACallback } from './lck-10-no-exclusive-lock-over-a-callback'
import { sameLocksAtStartAndEnd } from './lck-11-same-locks-at-start-and-end'
import { passesInEveryContext } from './lck-12-passes-in-every-context'
import { rangesLockIsDroppedFirst } from './lck-13-ranges-lock-is-dropped-first'
import { theMapWithoutNotifiers } from './lck-14-the-map-without-notifiers'
import { endsShareTheMap } from './lck-15-ends-share-the-map'
import { oneMapForAll } from './lck-16-one-map-for-all'
import { callbackLocksAndReclaim } from './lck-17-callback-locks-and-reclaim'
import { cyclesThroughReclaimAreReported } from './lck-18-cycles-through-reclaim-are-reported'
import { noAllocationUnderLocksOfReclaim } from './lck-19-no-allocation-under-locks-of-reclaim'
import { callbacksDoNotReclaim } from './lck-20-callbacks-do-not-reclaim'
import { waitsDoNotDependOnMemory } from './lck-21-waits-do-not-depend-on-memory'
import { completionIsSafeInReclaim } from './lck-22-completion-is-safe-in-reclaim'
import { eventsAreInvisible } from './lck-23-events-are-invisible'
import { fsReclaimIsAboutFileSystems } from './lck-24-fs-reclaim-is-about-file-systems'
import { reclaimMaySleep } from './lck-25-reclaim-may-sleep'
import { registrationTakesAllLocks } from './lck-26-registration-takes-all-locks'
import { mmapSemBeforeTheUpdateLock } from './lck-27-mmap-sem-before-the-update-lock'
import { noRecursiveReading } from './lck-28-no-recursive-reading'
import { noSleepUnderASpinlock } from './lck-29-no-sleep-under-a-spinlock'
import { recursionIsReported } from './lck-30-recursion-is-reported'
import { reportedWithoutADeadlock } from './lck-31-reported-without-a-deadlock'
import { plainListsUnderALock } from './lck-32-plain-lists-under-a-lock'
import { reportsAreFounded } from './lck-33-reports-are-founded'

export const lockingContracts: readonly Contract[] = [
  mirrorsRegisterUnderMmapSem,
  oneLockForThePointerToHmm,
  oneLockForTheRanges,
  nothingSleepsUnderTheRangesLock,
  mirrorsUnderTheirLock,
  writersHoldBackLaterReaders,
  callbackLockIsALeaf,
  deviceLocksAreShort,
  waitsWithoutDriverLocks,
  noExclusiveLockOverACallback,
  sameLocksAtStartAndEnd,
  passesInEveryContext,
  rangesLockIsDroppedFirst,
  theMapWithoutNotifiers,
  endsShareTheMap,
  oneMapForAll,
  callbackLocksAndReclaim,
  cyclesThroughReclaimAreReported,
  noAllocationUnderLocksOfReclaim,
  callbacksDoNotReclaim,
  waitsDoNotDependOnMemory,
  completionIsSafeInReclaim,
  eventsAreInvisible,
  fsReclaimIsAboutFileSystems,
  reclaimMaySleep,
  registrationTakesAllLocks,
  mmapSemBeforeTheUpdateLock,
  noRecursiveReading,
  noSleepUnderASpinlock,
  recursionIsReported,
  reportedWithoutADeadlock,
  plainListsUnderALock,
  reportsAreFounded,
]
