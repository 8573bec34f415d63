/** The contracts of the helpers that lock against invalidations, and of drivers that use them. */
import type { Contract, Unjudged } from '../contract'
import { everyCallbackCounts } from './rfc-02-every-callback-counts'
import { endsFreeReaders } from './rfc-03-ends-free-readers'
import { sectionsBeginWhenNothingIsOpen } from './rfc-04-sections-begin-when-nothing-is-open'
import { sectionsAreEnded } from './rfc-05-sections-are-ended'
import { endedUnderTheLockOfTheCallbacks } from './rfc-06-ended-under-the-lock-of-the-callbacks'
import { retryIffCollided } from './rfc-07-retry-iff-collided'
import { publishedUnderTheLockOfTheEnd } from './rfc-08-published-under-the-lock-of-the-end'

export const invlockContracts: readonly Contract[] = [
  everyCallbackCounts,
  endsFreeReaders,
  sectionsBeginWhenNothingIsOpen,
  sectionsAreEnded,
  endedUnderTheLockOfTheCallbacks,
  retryIffCollided,
  publishedUnderTheLockOfTheEnd,
]

export const invlockUnjudged: readonly Unjudged[] = [
  {
    id: 'RFC-09',
    says: 'true means retry, on both paths and wherever it is written',
    cites: ['000:6824-6826', '000:7030-7035'],
    sameAs: 'RFC-07',
  },
]
