/** What hardware does, and the suite must be able to show. */
import type { Contract } from '../contract'
import { translationsAreCached } from './dev-01-translations-are-cached'
import { nothingIsForgotten } from './dev-02-nothing-is-forgotten'
import { commandsTakeTheirTime } from './dev-05-commands-take-their-time'
import { deviceWritesAreReal } from './dev-12-device-writes-are-real'

export const devicesContracts: readonly Contract[] = [
  translationsAreCached,
  nothingIsForgotten,
  commandsTakeTheirTime,
  deviceWritesAreReal,
]
