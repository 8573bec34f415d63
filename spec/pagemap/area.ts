/** The contracts of device memory: how a pagemap is taken away, and what its users see of that. */
import type { Contract } from '../contract'
import { disableInvalidateDrain } from './pgm-01-disable-invalidate-drain'
import { takenAwayWhileItIsUsed } from './pgm-02-taken-away-while-it-is-used'
import { noReferenceOnceDisabled } from './pgm-03-no-reference-once-disabled'
import { unmappingIsTold } from './pgm-04-unmapping-is-told'
import { mirrorsKeepNothing } from './pgm-05-mirrors-keep-nothing'
import { populatedFirstOrRefused } from './pgm-06-populated-first-or-refused'
import { whatIsGoneIsAnErrorForAll } from './pgm-07-what-is-gone-is-an-error-for-all'
import { onePagemapUnderAPmd } from './pgm-08-one-pagemap-under-a-pmd'
import { lookedUpOncePutOnce } from './pgm-09-looked-up-once-put-once'
import { noReferenceIsNeeded } from './pgm-10-no-reference-is-needed'
import { drainedMeansIdle } from './pgm-11-drained-means-idle'
import { askedWhileItGoes } from './pgm-12-asked-while-it-goes'
import { takenAwayUnderAFault } from './pgm-13-taken-away-under-a-fault'

export const pagemapContracts: readonly Contract[] = [
  disableInvalidateDrain,
  takenAwayWhileItIsUsed,
  noReferenceOnceDisabled,
  unmappingIsTold,
  mirrorsKeepNothing,
  populatedFirstOrRefused,
  whatIsGoneIsAnErrorForAll,
  onePagemapUnderAPmd,
  lookedUpOncePutOnce,
  noReferenceIsNeeded,
  drainedMeansIdle,
  askedWhileItGoes,
  takenAwayUnderAFault,
]
