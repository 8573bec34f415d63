/** What hardware does, and is owed. */
import type { Contract } from '../contract'
import { translationsAreCached } from './dev-01-translations-are-cached'
import { nothingIsForgotten } from './dev-02-nothing-is-forgotten'
import { noAccessWithoutATranslation } from './dev-03-no-access-without-a-translation'
import { notEveryEngineCanFault } from './dev-04-not-every-engine-can-fault'
import { commandsTakeTheirTime } from './dev-05-commands-take-their-time'
import { jobsRunToTheirFence } from './dev-06-jobs-run-to-their-fence'
import { noTranslationOutlivesItsBinding } from './dev-07-no-translation-outlives-its-binding'
import { fencesOfOthers } from './dev-08-fences-of-others'
import { backAndForth } from './dev-09-back-and-forth'
import { faultsComeInBatches } from './dev-10-faults-come-in-batches'
import { noErrorWhereTheCpuHasNone } from './dev-11-no-error-where-the-cpu-has-none'
import { deviceWritesAreReal } from './dev-12-device-writes-are-real'

export const devicesContracts: readonly Contract[] = [
  translationsAreCached,
  nothingIsForgotten,
  noAccessWithoutATranslation,
  notEveryEngineCanFault,
  commandsTakeTheirTime,
  jobsRunToTheirFence,
  noTranslationOutlivesItsBinding,
  fencesOfOthers,
  backAndForth,
  faultsComeInBatches,
  noErrorWhereTheCpuHasNone,
  deviceWritesAreReal,
]
