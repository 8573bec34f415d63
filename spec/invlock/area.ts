/** The contracts of the helpers that lock against invalidations, and of drivers that use them. */
import type { Contract, Unjudged } from '../contract'
import { everyCallbackCounts } from './rfc-02-every-callback-counts'
import { endsFreeReaders } from './rfc-03-ends-free-readers'
import { sectionsBeginWhenNothingIsOpen } from './rfc-04-sections-begin-when-nothing-is-open'
import { sectionsAreEnded } from './rfc-05-sections-are-ended'
import { endedUnderTheLockOfTheCallbacks } from './rfc-06-ended-under-the-lock-of-the-callbacks'
import { retryIffCollided } from './rfc-07-retry-iff-collided'
import { publishedUnderTheLockOfTheEnd } from './rfc-08-published-under-the-lock-of-the-end'
import { writersAreDisturbedByOthersOnly } from './rfc-10-writers-are-disturbed-by-others-only'
import { timeIsUsedUp } from './rfc-12-time-is-used-up'
import { releasedAsItWasTaken } from './rfc-13-released-as-it-was-taken'
import { anEarlyTrueIsFinal } from './rfc-14-an-early-true-is-final'
import { knownBeforeItIsTold } from './rfc-15-known-before-it-is-told'
import { theAddressSpaceIsInUse } from './rfc-16-the-address-space-is-in-use'
import { refusedPassesAreNotCounted } from './rfc-17-refused-passes-are-not-counted'
import { nobodyWaitsForTheUninteresting } from './rfc-18-nobody-waits-for-the-uninteresting'
import { readingComesFirst } from './rfc-19-reading-comes-first'

export const invlockContracts: readonly Contract[] = [
  everyCallbackCounts,
  endsFreeReaders,
  sectionsBeginWhenNothingIsOpen,
  sectionsAreEnded,
  endedUnderTheLockOfTheCallbacks,
  retryIffCollided,
  publishedUnderTheLockOfTheEnd,
  writersAreDisturbedByOthersOnly,
  timeIsUsedUp,
  releasedAsItWasTaken,
  anEarlyTrueIsFinal,
  knownBeforeItIsTold,
  theAddressSpaceIsInUse,
  refusedPassesAreNotCounted,
  nobodyWaitsForTheUninteresting,
  readingComesFirst,
]

export const invlockUnjudged: readonly Unjudged[] = [
  {
    id: 'RFC-01',
    says: 'while an interesting invalidation is open the sequence is odd, and no section begins',
    cites: ['000:6908-6913', '000:6926-6929'],
    sameAs: 'RFC-04',
  },
  {
    id: 'RFC-09',
    says: 'true means retry, on both paths and wherever it is written',
    cites: ['000:6824-6826', '000:7030-7035'],
    sameAs: 'RFC-07',
  },
  {
    id: 'RFC-11',
    says: 'a section that has mmap_sem for writing is compared too: not every invalidation needs mmap_sem',
    cites: ['000:7204-7208', '000:4739-4740'],
    sameAs: 'RFC-07',
  },
]
