/** HMM: what ranges promise, what drivers owe them, and how mirrors are told. */
import type { Contract } from '../contract'
import { noOpenCollisionIsValid } from './hmm-01-no-open-collision-is-valid'
import { publishedIsWhatTheCpuHas } from './hmm-02-published-is-what-the-cpu-has'
import { onlyOpenPassesAreCounted } from './hmm-03-only-open-passes-are-counted'
import { markedBeforeDriversAreCalled } from './hmm-04-marked-before-drivers-are-called'
import { lazyAboutQuiescence } from './hmm-05-lazy-about-quiescence'
import { noIntersectingRangeIsMissed } from './hmm-06-no-intersecting-range-is-missed'
import { countedWhileDriversAreCalled } from './hmm-07-counted-while-drivers-are-called'
import { registeredUnderAPass } from './hmm-08-registered-under-a-pass'
import { wokenWhenQuiescent } from './hmm-09-woken-when-quiescent'
import { waitTellsWhatItSaw } from './hmm-10-wait-tells-what-it-saw'
import { sameLockOnBothSides } from './hmm-12-same-lock-on-both-sides'
import { publishInTheSectionOfTheTest } from './hmm-13-publish-in-the-section-of-the-test'
import { retryRestartsWithoutLocks } from './hmm-14-retry-restarts-without-locks'
import { completePairIsNoticed } from './hmm-23-complete-pair-is-noticed'
import { releaseOnceUnderMirrorsSem } from './hmm-25-release-once-under-mirrors-sem'
import { noRegistrationFromRelease } from './hmm-26-no-registration-from-release'
import { everyMirrorIsTold } from './hmm-27-every-mirror-is-told'

export const hmmContracts: readonly Contract[] = [
  noOpenCollisionIsValid,
  publishedIsWhatTheCpuHas,
  onlyOpenPassesAreCounted,
  markedBeforeDriversAreCalled,
  lazyAboutQuiescence,
  noIntersectingRangeIsMissed,
  countedWhileDriversAreCalled,
  registeredUnderAPass,
  wokenWhenQuiescent,
  waitTellsWhatItSaw,
  sameLockOnBothSides,
  publishInTheSectionOfTheTest,
  retryRestartsWithoutLocks,
  completePairIsNoticed,
  releaseOnceUnderMirrorsSem,
  noRegistrationFromRelease,
  everyMirrorIsTold,
]
